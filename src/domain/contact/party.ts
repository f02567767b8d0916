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

/** The borrower, and who stands in their place: whatever the borrower owes is theirs to hear of. */
export function sharesAllDebts(role: PartyRole): boolean {
  return ['borrower', 'guardian', 'executor'].includes(role);
}

/** Who owes or answers for those of the borrower's loans whose contract they signed, and for no other. */
export function owesByContract(role: PartyRole): boolean {
  return ['co-borrower', 'guarantor'].includes(role);
}

export interface Party {
  /** Null for the borrower. */
  readonly partyId: string | null;
  readonly role: PartyRole;
  /**
   * Of who owes by contract, the borrower's loans that are theirs too; none while nobody said which. Missing of anybody else, and in
   * what was kept before this was asked.
   */
  readonly loanIds?: readonly string[];
}

export const theBorrower: Party = { partyId: null, role: 'borrower' };

/** Whether the loan is theirs to hear of, as far as contracts say; of other people the rules in force say it. */
export function isTheirs({ role, loanIds }: Party, loanId: string): boolean {
  return !owesByContract(role) || loanIds === undefined || loanIds.includes(loanId);
}

/** Whether they owe the loan, answer for it, or stand in the place of who does: nobody else can promise to pay it. */
export function owes(party: Party, loanId: string): boolean {
  return sharesAllDebts(party.role) || (owesByContract(party.role) && isTheirs(party, loanId));
}

/** Of these loans those that are theirs to hear of; all where that is none of them, and the judgement says why it may not be. */
export function theirsAmong(party: Party, loanIds: readonly string[]): readonly string[] {
  const theirs = loanIds.filter((loanId) => isTheirs(party, loanId));
  return theirs.length === 0 ? loanIds : theirs;
}
