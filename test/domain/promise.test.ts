import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Payment } from '../../src/domain/loan';
import { isKept, paidTowardsMinor } from '../../src/domain/promise';
import { anyDay, anyPayments, dayZero, payment, undo } from './loan-arbitraries';

const promise = { givenDay: '2026-03-10', dueDay: '2026-03-15', amountMinor: 50_000 };
const kept = (payments: readonly Payment[], asOf = '2026-03-15') => isKept(promise, payments, asOf);

describe('a promise to pay', () => {
  it('is kept by the promised amount, in one payment or in several', () => {
    expect(kept([payment('p-1', '2026-03-15', 50_000)])).toBe(true);
    expect(kept([payment('p-1', '2026-03-11', 20_000), payment('p-2', '2026-03-15', 30_000)])).toBe(true);
  });

  it('is not kept by a minor unit less', () => {
    expect(kept([payment('p-1', '2026-03-15', 49_999)])).toBe(false);
  });

  it('counts money of the day on which it was given, and none from before', () => {
    expect(kept([payment('p-1', '2026-03-10', 50_000)])).toBe(true);
    expect(kept([payment('p-1', '2026-03-09', 50_000)])).toBe(false);
  });

  it('counts what has come by the day that is asked about', () => {
    const late = [payment('p-1', '2026-03-17', 50_000)];
    expect(kept(late, '2026-03-16')).toBe(false);
    expect(kept(late, '2026-03-17')).toBe(true);
  });

  it('is broken by a payment that bounces, whenever it bounces', () => {
    const paid = payment('p-1', '2026-03-14', 50_000);
    expect(kept([paid, undo(paid, 'bounce', '2026-03-20')], '2026-03-15')).toBe(false);
  });

  it('is not harmed by the bounce of a payment from before it was given', () => {
    const old = payment('p-0', '2026-03-01', 50_000);
    expect(kept([old, undo(old, 'bounce', '2026-03-12'), payment('p-1', '2026-03-13', 50_000)])).toBe(true);
  });

  it('never counts less than nothing, nor less on a later day, nor more than was paid', () => {
    fc.assert(
      fc.property(anyPayments, anyDay, anyDay, (payments, oneDay, otherDay) => {
        const [asOf, later] = oneDay <= otherDay ? [oneDay, otherDay] : [otherDay, oneDay];
        const given = { ...promise, givenDay: dayZero };
        const soFarMinor = paidTowardsMinor(given, payments, asOf);
        const money = payments.filter(({ kind }) => kind === 'payment');
        const paidMinor = money.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        return soFarMinor >= 0 && soFarMinor <= paidTowardsMinor(given, payments, later) && soFarMinor <= paidMinor;
      }),
      { numRuns: 3_000 },
    );
  });
});
