/** Who is contacted. The borrower is the customer of the loan; all others are somebody to the borrower. */
export const partyRoles = [
  'borrower',
  'co-borrower',
  'guarantor',
  'spouse',
  'parent',
  'guardian',
  'executor',
  'attorney',
  'contact',
] as const;
export type PartyRole = (typeof partyRoles)[number];

/** Who owes what the borrower owes, or stands in their place; anybody else has a part in one debt at most. */
export function sharesAllDebts(role: PartyRole): boolean {
  return ['borrower', 'co-borrower', 'guardian', 'executor'].includes(role);
}

export interface Party {
  /** Null for the borrower. */
  readonly partyId: string | null;
  readonly role: PartyRole;
}

export const theBorrower: Party = { partyId: null, role: 'borrower' };
