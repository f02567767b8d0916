import type { Verdict } from '../domain/contact/judge';
import { type ContactDecision, recordContactDecision } from '../store/contact-decisions';
import type { Queryable } from '../store/database';
import type { Passage } from './gate';

type Refusing = Exclude<Verdict, { kind: 'allow' }>;

/** Keeps a "no" or "not before" with what was looked at, and answers it as whoever asked is told. */
export async function keepRefusal(
  tx: Queryable,
  about: Omit<ContactDecision, 'untilMs' | 'rules' | 'reason' | 'evidence'>,
  verdict: Refusing,
  evidence: unknown,
): Promise<Extract<Passage, { kind: 'denied' | 'deferred' }>> {
  const { rules, reason } = verdict;
  const untilMs = verdict.kind === 'defer' ? verdict.untilMs : null;
  await recordContactDecision(tx, { ...about, untilMs, rules, reason, evidence });
  return untilMs === null ? { kind: 'denied', rules, reason } : { kind: 'deferred', untilMs, rules, reason };
}
