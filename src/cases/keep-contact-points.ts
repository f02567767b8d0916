import { lockCustomer, type NewContactPoint, putContactPoint } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import type { Desk } from './desk';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';
import { tellCases } from './tell-cases';

/**
 * Adds or changes ways to reach a borrower. The timelines say of what kind they are and in which state, not what they are.
 * @throws Refusal NotFound.
 */
export async function keepContactPoints(
  desk: Desk,
  customerId: string,
  points: readonly NewContactPoint[],
  actor: string,
  /** Done first, in the same transaction: the customer may be new. */
  before: (tx: Queryable) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const told = await inTransaction(desk.pool, async (tx) => {
    await before(tx);
    await lockCustomer(tx, customerId);
    if (points.length === 0) return [];
    const kept = [];
    for (const point of points) kept.push(await putContactPoint(tx, customerId, point));
    const event = { atMs: nowMs, actor, kind: 'contact-point-changed', reason: 'contact data', data: { points: kept } };
    await reviewReach(tx, desk, customerId, nowMs);
    return tellCases(tx, customerId, null, event);
  });
  for (const loanId of told) await notifyCase(desk, loanId);
}
