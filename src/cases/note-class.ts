import type { CaseState } from '../domain/case';
import type { Queryable } from '../store/database';
import { recordClass } from '../store/class-events';
import { policyActor } from './actor';
import type { CaseReading } from './read-facts';
import { classifyCase } from './read-standing';

/**
 * Tells the case's timeline that its class is another one than it said last, by days, a payment, a correction or another
 * loan of the customer. Found when the case looks; `data.sinceDay` says since when. Each change is told once; a case whose
 * arrears are cleared is about to close and tells none.
 */
export async function noteClass(
  db: Queryable,
  reading: CaseReading,
  { loanId, caseNo }: CaseState,
  nowMs: number,
): Promise<void> {
  if (reading.facts.cleared) return;
  const found = await classifyCase(db, reading);
  const usual = reading.policy.classification?.classes[0]?.name;
  if (found === null || usual === undefined) return;
  const { class: name, sinceDay, why, nonAccrual, provisionMinor } = found;
  const data = { class: name, sinceDay, why, nonAccrual, provisionMinor };
  const event = { loanId, caseNo, atMs: nowMs, actor: policyActor, reason: `${name} since ${sinceDay}: ${why}` };
  await recordClass(db, { ...event, class: name, usual, data });
}
