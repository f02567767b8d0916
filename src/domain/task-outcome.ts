import type { TaskKind } from './case';

/**
 * What a call or a visit can end with, a closed list. "Right party": the borrower in person, identity verified.
 * What follows each of them is the policy's to say (`outcomes`); one without a rule is recorded and nothing follows.
 */
export const contactOutcomes = {
  promised: 'Right party promised an amount by a day (promise to pay).',
  paid: 'Right party says the money is on its way or was paid; the bank has not seen it yet.',
  refused: 'Right party is able to pay and refuses.',
  hardship: 'Right party cannot pay as agreed: illness, lost income, disaster or the like.',
  disputed: 'Right party denies the debt, its amount or its due day.',
  'arrangement-asked': 'Right party wants an extension or instalments.',
  'spoken-to': 'Right party was reached; nothing was agreed.',
  'call-back': 'Right party was reached and asked to be contacted at another time.',
  'no-answer': 'Nobody answered or nobody was there.',
  voicemail: 'An answering machine took the call.',
  busy: 'The line was busy or the call was not put through.',
  'other-language': 'Right party was reached and speaks no language of ours.',
  'other-person': 'Somebody else answered. The debt was not mentioned.',
  'wrong-number': 'The number or address is not the borrower’s.',
  'opted-out': 'The borrower asked not to be contacted in this way.',
  deceased: 'The borrower is reported to have died.',
} as const;
export type ContactOutcome = keyof typeof contactOutcomes;

export const contactOutcomeCodes = Object.keys(contactOutcomes) as readonly ContactOutcome[];

/** Which outcomes a task of a kind may be completed with. */
export const taskOutcomes: Readonly<Record<TaskKind, readonly string[]>> = {
  call: contactOutcomeCodes,
  visit: contactOutcomeCodes,
  review: ['reviewed'],
  /** Somebody looks for a way to reach the borrower; `refused`: who was asked for it is not to be asked again. */
  trace: ['found', 'not-found', 'refused'],
  'approve-legal': ['approved', 'rejected'],
};
