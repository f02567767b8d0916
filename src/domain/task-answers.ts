/** How the borrower stands to paying (还款意愿). */
export const willingnesses = [
  'willing-and-able',
  'willing-not-able',
  'able-not-willing',
  'neither',
  'unknown',
] as const;
export type Willingness = (typeof willingnesses)[number];
