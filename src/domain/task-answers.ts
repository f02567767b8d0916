/** Why the borrower is behind (逾期原因), as a collector codes it. Fed back to those who grant credit. */
export const causes = [
  'forgot',
  'temporary-cash-shortage',
  'lost-income',
  'illness',
  'disaster',
  'over-indebted',
  'dispute',
  'fraud',
  'other',
  'unknown',
] as const;
export type Cause = (typeof causes)[number];

/** How the borrower stands to paying (还款意愿). */
export const willingnesses = [
  'willing-and-able',
  'willing-not-able',
  'able-not-willing',
  'neither',
  'unknown',
] as const;
export type Willingness = (typeof willingnesses)[number];
