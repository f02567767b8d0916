import { z } from 'zod';

import type { Day } from '../domain/day';
import type { Pause } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, many, maybeOne } from './rows';

const pauseRow = z.object({
  pauseId: z.string(),
  loanId: z.string(),
  fromDay: z.string(),
  /** As agreed; null while the end is open. */
  untilDay: z.string().nullable(),
  resumedDay: z.string().nullable(),
  resumedBy: z.string().nullable(),
  /** When somebody looks at a pause without an end. */
  reviewDay: z.string().nullable(),
  reason: z.string(),
  actor: z.string(),
});
export type StoredPause = z.infer<typeof pauseRow>;
/** Without a review day nobody is asked to look at it. */
export type NewPause = Omit<StoredPause, 'resumedDay' | 'resumedBy' | 'reviewDay'> & {
  readonly reviewDay?: Day | null;
};

const columns = `pause_id as "pauseId", loan_id as "loanId", from_day as "fromDay", until_day as "untilDay",
  resumed_on as "resumedDay", resumed_by as "resumedBy", review_on as "reviewDay", reason, actor`;

/**
 * Adds a pause; the same id again gives the row that is there.
 * @throws Refusal PauseInvalid or NotFound.
 */
export async function addPause(db: Queryable, pause: NewPause): Promise<StoredPause> {
  const { pauseId, loanId, fromDay, untilDay, reviewDay = null, reason, actor } = pause;
  if (untilDay !== null && untilDay <= fromDay) {
    throw new Refusal('PauseInvalid', 'must lie after the first day of the pause', 'untilDay');
  }
  const text = `insert into pause (pause_id, loan_id, from_day, until_day, review_on, reason, actor)
    select $1, loan_id, $3, $4, $5, $6, $7 from loan where loan_id = $2
    on conflict (pause_id) do nothing`;
  await execute(db, text, [pauseId, loanId, fromDay, untilDay, reviewDay, reason, actor]);
  const stored = await maybeOne(db, pauseRow, `select ${columns} from pause where pause_id = $1`, [pauseId]);
  if (stored === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  if (stored.loanId !== loanId) throw new Refusal('PauseInvalid', 'is the pause of another loan', 'pauseId');
  return stored;
}

/**
 * Ends every pause that covers `day`, so that it covers the days before only; one that lies wholly ahead stays. With a
 * reason only pauses for it. Answers which were ended.
 */
export async function resumeOn(
  db: Queryable,
  loanId: string,
  day: Day,
  actor: string,
  reason: string | null = null,
): Promise<Pick<StoredPause, 'pauseId' | 'reviewDay'>[]> {
  const text = `update pause set resumed_on = $2, resumed_by = $3
    where loan_id = $1 and from_day <= $2 and coalesce(least(until_day, resumed_on) > $2, true)
      and ($4::text is null or reason = $4)
    returning pause_id as "pauseId", review_on as "reviewDay"`;
  return many(db, pauseRow.pick({ pauseId: true, reviewDay: true }), text, [loanId, day, actor, reason]);
}

/** Those of the loans of which a pause covers the day; with a reason only pauses for it. */
export async function pausedOn(
  db: Queryable,
  loanIds: readonly string[],
  day: Day,
  reason: string | null,
): Promise<string[]> {
  const text = `select distinct loan_id as "loanId" from pause
    where loan_id = any($1) and from_day <= $2 and coalesce(least(until_day, resumed_on) > $2, true)
      and ($3::text is null or reason = $3) order by loan_id`;
  return (await many(db, pauseRow.pick({ loanId: true }), text, [loanIds, day, reason])).map(({ loanId }) => loanId);
}

export async function setReviewDay(db: Queryable, pauseId: string, day: Day): Promise<void> {
  await execute(db, 'update pause set review_on = $2 where pause_id = $1', [pauseId, day]);
}

/** What the loan's pauses cover, by their first day. */
export async function listPauses(db: Queryable, loanId: string): Promise<Pause[]> {
  return many(
    db,
    z.object({ from: z.string(), until: z.string().nullable() }),
    `select from_day as "from", until_day as "until" from effective_pause
     where loan_id = $1 order by from_day, until_day`,
    [loanId],
  );
}

/** Every pause as it was asked for and ended, by whom and why. */
export async function listStoredPauses(db: Queryable, loanId: string): Promise<StoredPause[]> {
  return many(db, pauseRow, `select ${columns} from pause where loan_id = $1 order by from_day, pause_id`, [loanId]);
}
