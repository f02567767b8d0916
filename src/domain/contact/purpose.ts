/** Why somebody is contacted, a closed list: rules go by these, and nobody writes a purpose in their own words. */
export const purposes = {
  reminder: 'A payment is due or was missed.',
  demand: 'The overdue amount is demanded.',
  'follow-up': 'A collector speaks with the borrower about the case.',
  'plan-offer': 'An extension or instalments are offered.',
  'plan-confirm': 'What was agreed is confirmed.',
  'legally-required': 'A notice or an answer that the law asks for.',
  terminate: 'Efforts to collect end.',
  'may-remedy': 'A remedy of the law may be used.',
  'will-remedy': 'A named remedy of the law will be used.',
  'location-info': 'Somebody else is asked how the borrower can be reached, or to pass on a request to call.',
  'opt-out-confirm': 'An opt-out is confirmed.',
} as const;
export type Purpose = keyof typeof purposes;

export const purposeCodes = Object.keys(purposes) as readonly Purpose[];

export function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(purposes, text);
}
