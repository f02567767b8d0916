/** Whose acts are judged: the bank in its own name, an agency for it, or who bought the debt. */
export const actors = ['CREDITOR', 'AGENCY', 'DEBT_BUYER'] as const;
export type ActorKind = (typeof actors)[number];
