import {
  isGrpcServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { EngineError } from '../engine/engine-error';
import { Refusal, type RefusalType, refusalTypes } from '../domain/refusal';
import { isConnectionLoss } from '../store/database';
import { ManyReasons } from './problem';

export interface Refused {
  readonly refusal: Refusal;
  /** Where it is not the usual one of the type. */
  readonly status?: number;
}

/** Turns whatever a handler threw into what the caller is told. Only `Internal` is a fault of ours. */
export function toRefusal(error: unknown): Refused {
  if (error instanceof Refusal) return { refusal: error };
  if (hasZodFastifySchemaValidationErrors(error))
    return { refusal: wrongInput(error.validationContext, error.validation) };
  if (error instanceof WorkflowUpdateFailedError) return { refusal: refusalOfUpdate(error) };
  if (isConnectionLoss(error)) return unavailable('the database cannot be reached');
  if (isTemporalLoss(error)) return unavailable('the workflow service cannot be reached');
  if (error instanceof EngineError) return unavailable('the case is still busy');
  return (
    refusalOfFramework(error) ?? { refusal: new Refusal('Internal', 'the fault is on record under the request id') }
  );
}

function unavailable(reason: string): Refused {
  return { refusal: new Refusal('Unavailable', reason) };
}

interface Wrong {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function wrongInput(context: string | undefined, wrong: readonly Wrong[]): Refusal {
  const where = context === undefined || context === 'body' ? '' : `${context} `;
  const errors = wrong.flatMap(({ instancePath, message = 'is wrong', params }) => {
    const path = instancePath.split('/').filter((part) => part !== '');
    const keys = Array.isArray(params['keys']) ? params['keys'].map(String) : null;
    const paths = keys === null ? [path] : keys.map((key) => [...path, key]);
    const reason = keys === null ? message : 'is not a field of this request';
    return paths.map((one) => ({
      field: one.length === 0 ? (context ?? 'body') : one.join('.').slice(0, 200),
      reason,
    }));
  });
  const [first] = errors;
  const refusal = new ManyReasons('InputInvalid', `${where}${first?.field ?? ''}: ${first?.reason ?? ''}`, errors);
  return Object.assign(refusal, { field: first?.field });
}

/** A refusal inside the workflow comes back as the cause of the failed update. */
function refusalOfUpdate({ cause }: WorkflowUpdateFailedError): Refusal {
  const type = cause instanceof ApplicationFailure ? refusalTypes.find((known) => known === cause.type) : undefined;
  if (type === undefined || !(cause instanceof ApplicationFailure)) {
    return new Refusal('CaseNotOpen', 'the case ended before it could answer');
  }
  const [detail] = (cause.details ?? []) as { field?: string | null; reason?: string }[];
  return new Refusal(type, detail?.reason ?? cause.message, detail?.field ?? undefined);
}

// CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE.
const lossCodes = new Set([1, 4, 8, 14]);

function isTemporalLoss(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (isGrpcServiceError(error)) return lossCodes.has(error.code);
  return error instanceof Error && error.cause !== undefined && isTemporalLoss(error.cause);
}

const byFrameworkCode: Readonly<Record<string, readonly [RefusalType, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['InputInvalid', 'the body is not JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['InputInvalid', 'the body is empty'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['InputInvalid', 'the body is not as long as its Content-Length says'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['InputInvalid', 'this Content-Type is not taken here'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BodyTooLarge', 'the body is larger than this route takes'],
  FST_ERR_BAD_URL: ['InputInvalid', 'the address is not a URL'],
  FST_ERR_MAX_PARAM_LENGTH: ['NotFound', 'an id in the address is too long'],
};

function refusalOfFramework(error: unknown): Refused | null {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  if (error.statusCode < 400 || error.statusCode >= 500) return null;
  const code = 'code' in error ? String(error.code) : '';
  const [type, reason] = byFrameworkCode[code] ?? ['InputInvalid', 'the request cannot be read'];
  return { refusal: new Refusal(type, reason), status: error.statusCode };
}
