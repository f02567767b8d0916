/** Every reason for which the product says no. Each has its row in docs/failures.md; a test compares the two. */
export const refusalTypes = [
  'InputInvalid',
  'CurrencyMismatch',
  'NotFound',
  'AlreadyExists',
  'CaseNotOpen',
  'LoanNotDelinquent',
  'LoanSold',
  'EndingInvalid',
  'PauseInvalid',
  'RestructureInvalid',
  'PaymentInvalid',
  'PromiseInvalid',
  'WaiverInvalid',
  'TaskNotOpen',
  'NotYourTask',
  'ContactNotAllowed',
  'LegalPreconditionMissing',
  'FourEyes',
  'PolicyInvalid',
  'PolicyImmutable',
  'TemplateInvalid',
  'IdempotencyConflict',
  'RecordHeld',
  'TimeTravelOff',
  'Unauthorized',
  'Forbidden',
  'RateLimited',
  'BodyTooLarge',
  'Unavailable',
  'Internal',
] as const;
export type RefusalType = (typeof refusalTypes)[number];

/** A lawful "no": the caller asked for something that cannot be, and `reason` says why. Never carries personal data. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly type: RefusalType,
    readonly reason: string,
    /** Path of the field that is wrong, where there is one. */
    readonly field?: string,
  ) {
    super(field === undefined ? reason : `${field}: ${reason}`);
  }
}
