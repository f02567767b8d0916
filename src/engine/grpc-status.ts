import { isGrpcServiceError } from '@temporalio/client';

const CODES = { Cancelled: 1, DeadlineExceeded: 4, NotFound: 5, AlreadyExists: 6, FailedPrecondition: 9 };

/** Whether a call to Temporal failed with this gRPC status. */
export function failedWith(error: unknown, status: keyof typeof CODES): boolean {
  return isGrpcServiceError(error) && (error.code as number) === CODES[status];
}
