import { lockCustomer, type NewContactPoint, putContactPoint } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { takeEarlierWords } from '../store/earlier-words';
import { checkPartyLoans } from './check-party-loans';
import type { Desk } from './desk';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';
import { tellCases } from './tell-cases';

export interface Putting {
  /** Done first, in the same transaction: the customer may be new. */
  readonly before?: (tx: Queryable) => Promise<void>;
  /** Where in the request a point stands, with its dot: a refusal names the field. */
  readonly fieldOf: (index: number) => string;
}

/**
 * Adds or changes ways to reach a borrower. The timelines say of what kind they are and in which state, not what they are.
 * @throws Refusal NotFound, or InputInvalid for a loan of another customer.
 */
export async function keepContactPoints(
  desk: Desk,
  customerId: string,
  points: readonly NewContactPoint[],
  actor: string,
  { before, fieldOf }: Putting,
): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const told = await inTransaction(desk.pool, async (tx) => {
    await before?.(tx);
    await lockCustomer(tx, customerId);
    if (points.length === 0) return [];
    await checkPartyLoans(tx, customerId, points, (index) => `${fieldOf(index)}owner.loanIds`);
    const kept = [];
    for (const point of points) kept.push(await putContactPoint(tx, customerId, point));
    const event = { atMs: nowMs, actor, kind: 'contact-point-changed', reason: 'contact data', data: { points: kept } };
    await reviewReach(tx, desk, customerId, nowMs);
    await tellEarlierStops(tx, customerId, nowMs);
    return tellCases(tx, customerId, null, event);
  });
  for (const loanId of told) await notifyCase(desk, loanId);
}

/** Whoever wrote STOP before the number was known to be theirs has said so. */
async function tellEarlierStops(tx: Queryable, customerId: string, atMs: number): Promise<void> {
  for (const { channel, inboundId } of await takeEarlierWords(tx, [customerId])) {
    const reason = `asked for no more ${channel === 'sms' ? 'SMS' : 'e-mail'} before it was known who wrote`;
    const event = { atMs, actor: 'borrower', kind: 'opted-out', reason, data: { channel, inboundId } };
    await tellCases(tx, customerId, null, { ...event, eventKey: `earlier/${inboundId}` });
  }
}
