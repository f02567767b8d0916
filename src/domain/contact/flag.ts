/** What is known about a person or a loan that bears on contacts, a closed list. */
export const flagNames = {
  'opt-out': 'Asked not to be contacted in a way; kept with the consents.',
  'opt-out-review': 'Wrote something that may be an opt-out; a person has to read it.',
  cease: 'Refuses to pay, or asks that contact ends, in writing.',
  represented: 'Has a lawyer for this debt.',
  disputed: 'Disputes the debt or objected to it; it is not verified yet.',
  insolvent: 'Is in insolvency proceedings.',
  deceased: 'Is reported to have died.',
  incapable: 'Cannot act for themselves.',
  moratorium: 'Stands under a moratorium such as a breathing space.',
  'mental-health-moratorium': 'Stands under a moratorium while a mental-health crisis is treated.',
  'advice-hold': 'Works on a plan with a debt adviser.',
  'plan-active': 'Keeps an agreed instalment plan.',
  minor: 'Is not of age.',
  'time-barred': 'The claim is time-barred.',
  sensitive: 'Bereavement, calamity, wedding or festival.',
  'lost-contact': 'Cannot be reached by any way on record.',
  'refused-contact': 'A third person who does not want to be contacted again.',
  'no-work-contact': 'Asked not to be contacted at work.',
  'ownership-changed': 'The loan was sold or its servicer changed.',
  'military-service': 'Is on active duty.',
  vulnerable: 'Needs particular care.',
  hardship: 'Cannot pay as agreed for now: lost income, illness, other debts.',
  fraud: 'The loan may have been taken by somebody else, or by deceit.',
  imprisonment: 'Is in prison or detention.',
  'disaster-area': 'Lives or works where a disaster has struck.',
} as const;
export type FlagName = keyof typeof flagNames;

export const flagCodes = Object.keys(flagNames) as readonly FlagName[];

export interface Flag {
  readonly flag: FlagName;
  /** Null: about the person, whichever loan. */
  readonly loanId: string | null;
  /** Null: about the borrower, or about the case as a whole. */
  readonly partyId: string | null;
  readonly fromMs: number;
  /** Exclusive; null while nobody knows. */
  readonly untilMs: number | null;
  /** In writing, or on a lasting record; some words given by mouth hold for a while only. */
  readonly confirmed: boolean;
}
