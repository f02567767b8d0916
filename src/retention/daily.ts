import type { Pool } from 'pg';
import { type Reminded, watchDeadlines } from '../cases/watch-deadlines';
import { Refusal } from '../domain/refusal';
import { anchorDay } from '../ledger/anchor';
import type { Anchor } from '../store/ledger';
import { forgetAnswers } from '../store/retention';
import type { RecordKeeping } from './keep-case';
import { deleteOldRecordings, type RecordingStore } from './old-recordings';
import { purgeDue, purgeUnknownMessages } from './purge';

const answersKeptMs = 30 * 86_400_000;

export interface DailyWork {
  readonly anchor: Anchor;
  readonly purged: number;
  /** Messages of unknown senders that were deleted. */
  readonly messages: number;
  /** Tasks for time limits that come near or were missed. */
  readonly deadlines: Reminded;
  /** Deleted at the provider. */
  readonly recordings: number;
}

/**
 * What is done for the records once a bank day: the purge of what nobody keeps any more, reminders of time limits, an anchor over the ledger, and the
 * deletion of recordings whose time is over; the provider comes last, because it may be away. Done twice it does nothing; days on which it was not done are made good by the next. Null before a policy says what a
 * bank day is.
 */
export async function keepRecords(
  pool: Pool,
  keeping: RecordKeeping,
  store: RecordingStore,
  nowMs: number,
): Promise<DailyWork | null> {
  try {
    const { calendar } = await keeping.policies.latest(pool, keeping.policyId);
    const purged = await purgeDue(pool, keeping, nowMs, { dryRun: false });
    const messages = await purgeUnknownMessages(pool, keeping, nowMs, { dryRun: false });
    await forgetAnswers(pool, Date.now() - answersKeptMs);
    const deadlines = await watchDeadlines(pool, keeping, nowMs);
    const anchor = await anchorDay(pool, calendar.dayOf(nowMs));
    return { anchor, purged, messages, deadlines, recordings: await deleteOldRecordings(pool, keeping, store, nowMs) };
  } catch (error) {
    if (error instanceof Refusal && error.type === 'NotFound') return null;
    throw error;
  }
}
