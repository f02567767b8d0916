import { describe, expect, it } from '@jest/globals';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import { addDays } from '../../src/domain/day';
import { type LoanFacts, noAmounts, type Pause } from '../../src/domain/loan';
import { samplePolicy } from './sample-policy';

const dueDay = '2026-03-01';
const { rests } = samplePolicy();
const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  ...{ toleranceMinor: 1_000, buckets: standardBuckets, rests },
};
const after = (days: number): string => addDays(dueDay, days);

/** Three months of 1 000.00, the first due on the first of March. */
function loanWith(pauses: readonly Pause[], paidMinor = 0): LoanFacts {
  const instalments = [0, 30, 60].map((days, index) => ({
    ...{ no: index + 1, dueDay: after(days), due: { ...noAmounts, principal: 100_000 } },
  }));
  const payment = { id: 'P-1', kind: 'payment', valueDay: after(5), amountMinor: paidMinor, reverses: null } as const;
  const payments = paidMinor === 0 ? [] : [payment];
  return { currency: 'CNY', schedules: [{ no: 1, effectiveFrom: '2026-01-01', instalments }], payments, pauses };
}

describe('what peers get wrong about days past due', () => {
  it('defect 1: a pause that encloses another, or begins with it, takes each of its days off once', () => {
    const older = { from: after(5), until: after(10) };
    const enclosing = { from: after(1), until: after(15) };
    const sameStart = { from: after(5), until: after(20) };
    const standing = delinquencyAsOf(loanWith([older, enclosing, sameStart]), after(30), rules);
    expect(standing).toMatchObject({ rawDpd: 30, pausedDays: 19, effectiveDpd: 11 });
  });

  it('defect 2: a pause from before the loan was overdue takes nothing off', () => {
    const standing = delinquencyAsOf(loanWith([{ from: after(-20), until: dueDay }]), after(30), rules);
    expect(standing).toMatchObject({ rawDpd: 30, pausedDays: 0, effectiveDpd: 30 });
  });

  it('defect 3: a pause over all of it leaves the days past due and the bucket as they truly are', () => {
    const standing = delinquencyAsOf(loanWith([{ from: after(-1), until: null }]), after(100), rules);
    expect(standing).toMatchObject({ rawDpd: 100, bucket: 'M4', effectiveDpd: 0 });
  });

  it('defect 7: a part that was paid counts: what is left is what is compared with the tolerance', () => {
    expect(delinquencyAsOf(loanWith([], 99_000), after(10), rules)).toMatchObject({ rawDpd: 0, overdueMinor: 1_000 });
    expect(delinquencyAsOf(loanWith([], 98_999), after(10), rules)).toMatchObject({ rawDpd: 10, overdueMinor: 1_001 });
  });

  it('defect 9: a loan is clear when every instalment is, not when one of them was paid', () => {
    expect(delinquencyAsOf(loanWith([], 100_000), after(65), rules)).toMatchObject({
      ...{ rawDpd: 35, oldestUnpaidDueDay: after(30), overdueMinor: 200_000 },
    });
    expect(delinquencyAsOf(loanWith([], 300_000), after(65), rules).oldestUnpaidDueDay).toBeNull();
  });
});
