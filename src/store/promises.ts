import { z } from 'zod';

import { type PromisePart, promiseSources, type PromiseToPay } from '../domain/promise/promise';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne } from './rows';

const promiseRow = z.object({
  promiseId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  givenDay: z.string(),
  givenAtMs: z.int(),
  source: z.enum(promiseSources),
  /** The task or the message that it was heard in. */
  sourceId: z.string().nullable(),
  actor: z.string(),
  parts: z.array(z.object({ dueDay: z.string(), amountMinor: z.int() })),
  cancelledDay: z.string().nullable(),
  cancelledBy: z.string().nullable(),
});
export type StoredPromise = z.infer<typeof promiseRow> & PromiseToPay;
export type NewPromise = Omit<StoredPromise, 'cancelledDay' | 'cancelledBy'>;

const select = `
  select promise_id as "promiseId", loan_id as "loanId", case_no as "caseNo", given_day as "givenDay",
    given_at as "givenAtMs", source, source_id as "sourceId", actor, cancelled_day as "cancelledDay",
    cancelled_by as "cancelledBy",
    (select json_agg(json_build_object('dueDay', due_day, 'amountMinor', amount_minor) order by part_no)
     from promise_part part where part.promise_id = promise.promise_id) as parts
  from promise`;

/**
 * Writes a promise down; answers whether it is new. The same again is known.
 * @throws Refusal AlreadyExists where the id has other terms or another loan.
 */
export async function addPromise(db: Queryable, promise: NewPromise): Promise<boolean> {
  const { promiseId, loanId, caseNo, givenDay, givenAtMs, source, sourceId, actor, parts } = promise;
  const text = `insert into promise (promise_id, loan_id, case_no, given_day, given_at, source, source_id, actor)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`;
  const values = [promiseId, loanId, caseNo, givenDay, instant(givenAtMs), source, sourceId, actor];
  if ((await execute(db, text, values)) === 0) {
    const stored = await getPromise(db, promiseId);
    if (stored?.loanId === loanId && isSame(stored.parts, parts)) return false;
    throw new Refusal('AlreadyExists', 'a promise of this id was given with other content', 'promiseId');
  }
  await execute(
    db,
    `insert into promise_part (promise_id, part_no, due_day, amount_minor)
     select $1, part.no, part.day, part.amount
     from unnest($2::date[], $3::bigint[]) with ordinality as part (day, amount, no)`,
    [promiseId, parts.map(({ dueDay }) => dueDay), parts.map(({ amountMinor }) => amountMinor)],
  );
  return true;
}

export async function getPromise(db: Queryable, promiseId: string): Promise<StoredPromise | null> {
  return maybeOne(db, promiseRow, `${select} where promise_id = $1`, [promiseId]);
}

/** All promises of the loan, in whichever case, the oldest first. */
export async function listPromises(db: Queryable, loanId: string): Promise<StoredPromise[]> {
  return many(db, promiseRow, `${select} where loan_id = $1 order by given_day, given_at, promise_id`, [loanId]);
}

export interface Cancellation {
  readonly promiseId: string;
  readonly cancelledDay: string;
  readonly cancelledAtMs: number;
  readonly cancelledBy: string;
}

/** Takes a promise back; answers whether it still stood. */
export async function cancelPromise(db: Queryable, cancellation: Cancellation): Promise<boolean> {
  const { promiseId, cancelledDay, cancelledAtMs, cancelledBy } = cancellation;
  const text = `update promise set cancelled_day = $2, cancelled_at = $3, cancelled_by = $4
    where promise_id = $1 and cancelled_day is null`;
  const values = [promiseId, cancelledDay, instant(cancelledAtMs), cancelledBy];
  return (await execute(db, text, values)) > 0;
}

function isSame(a: readonly PromisePart[], b: readonly PromisePart[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ dueDay, amountMinor }, index) => dueDay === b[index]?.dueDay && amountMinor === b[index].amountMinor)
  );
}
