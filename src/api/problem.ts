import { z } from 'zod';
import { Refusal, type RefusalType } from '../domain/refusal';

const fieldProblem = z.object({ field: z.string(), reason: z.string() });
export type FieldProblem = z.infer<typeof fieldProblem>;

/** RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().meta({ examples: ['urn:arrears:CaseNotOpen'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** Path of the field that is wrong. */
    field: z.string().optional(),
    /** Every field that is wrong, where there may be more than one. */
    errors: z.array(fieldProblem).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

export const problemMediaType = 'application/problem+json';

/** A refusal for several reasons at once. */
export class ManyReasons extends Refusal {
  constructor(
    type: RefusalType,
    reason: string,
    readonly errors: readonly FieldProblem[],
  ) {
    super(type, reason);
  }
}

interface Meaning {
  readonly status: number;
  readonly title: string;
}

export const meanings: Readonly<Record<RefusalType, Meaning>> = {
  InputInvalid: { status: 400, title: 'The request is not as it should be' },
  CurrencyMismatch: { status: 422, title: 'Not the currency of the loan' },
  NotFound: { status: 404, title: 'There is no such thing' },
  AlreadyExists: { status: 409, title: 'It exists with other content' },
  CaseNotOpen: { status: 409, title: 'The loan has no open case' },
  LoanNotDelinquent: { status: 422, title: 'The loan is not overdue' },
  LoanSold: { status: 409, title: 'The loan is another’s now' },
  EndingInvalid: { status: 422, title: 'The loan cannot end like this' },
  PauseInvalid: { status: 422, title: 'This pause cannot be' },
  RestructureInvalid: { status: 422, title: 'This restructure cannot be' },
  PaymentInvalid: { status: 422, title: 'This payment cannot be' },
  PromiseInvalid: { status: 422, title: 'This promise cannot be' },
  WaiverInvalid: { status: 422, title: 'This waiver cannot be' },
  TaskNotOpen: { status: 409, title: 'The task cannot be worked on' },
  NotYourTask: { status: 409, title: 'The task is not yours' },
  ContactNotAllowed: { status: 409, title: 'The contact rules do not allow it now' },
  LegalPreconditionMissing: { status: 422, title: 'Something is missing before legal means' },
  FourEyes: { status: 403, title: 'Another person must decide' },
  PolicyInvalid: { status: 422, title: 'The policy cannot be published' },
  PolicyImmutable: { status: 409, title: 'A published policy never changes' },
  TemplateInvalid: { status: 422, title: 'The template cannot be used' },
  IdempotencyConflict: { status: 422, title: 'The key was used for another request' },
  RecordHeld: { status: 409, title: 'The record must be kept' },
  TimeTravelOff: { status: 403, title: 'The clock cannot be moved here' },
  Unauthorized: { status: 401, title: 'Who are you?' },
  Forbidden: { status: 403, title: 'Not allowed' },
  RateLimited: { status: 429, title: 'Too many requests' },
  BodyTooLarge: { status: 413, title: 'The body is too large' },
  Unavailable: { status: 503, title: 'Try again in a moment' },
  Internal: { status: 500, title: 'Something is wrong with this service' },
};

export function problemOf(refusal: Refusal, status = meanings[refusal.type].status): Problem {
  const { type, reason, field } = refusal;
  return {
    type: `urn:arrears:${type}`,
    title: meanings[type].title,
    status,
    detail: reason,
    ...(field !== undefined && { field }),
    ...(refusal instanceof ManyReasons && { errors: [...refusal.errors] }),
  };
}
