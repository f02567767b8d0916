import type { Channel } from '../domain/case';
import type { Queryable } from './database';
import { execute, instant, maybeInstant } from './rows';

/** A "no" or "not before" of the gate. */
export interface ContactDecision {
  readonly contactKey: string;
  readonly customerId: string;
  readonly loanId: string;
  readonly channel: Channel;
  readonly purpose: string;
  readonly atMs: number;
  /** Null for a denial. */
  readonly untilMs: number | null;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The packs and everything that the judgement looked at. */
  readonly evidence: unknown;
}

/** Keeps a decision against a contact, so that it can be repeated and shown. Append-only. */
export async function recordContactDecision(db: Queryable, decision: ContactDecision): Promise<void> {
  const { contactKey, customerId, loanId, channel, purpose, atMs, untilMs, rules, reason, evidence } = decision;
  await execute(
    db,
    `insert into contact_decision (contact_key, customer_id, loan_id, channel, purpose, kind, at, until_at, rules, reason,
       evidence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[contactKey, customerId, loanId, channel, purpose, untilMs === null ? 'denied' : 'deferred'],
      ...[instant(atMs), maybeInstant(untilMs), rules, reason, JSON.stringify(evidence)],
    ],
  );
}
