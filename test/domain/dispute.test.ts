import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { allocate, type AllocationOrder, sumAmounts } from '../../src/domain/allocation';
import { correctSchedule } from '../../src/domain/dispute/correct-schedule';
import { requireDisputable, upheldMinorOf } from '../../src/domain/dispute/dispute';
import { type Amounts, components, noAmounts, type Schedule, totalMinor } from '../../src/domain/loan';
import { anyOrder, anyPaidMinor, anySchedule } from './loan-arbitraries';
import { samplePolicy } from './sample-policy';

describe('how much of a dispute is upheld', () => {
  it.each([
    ['all of what was disputed', 'upheld', null, 30_000, 30_000],
    ['all that is unpaid, where the whole debt was disputed', 'upheld', null, null, 90_000],
    ['the part that is named', 'partly', 10_000, 30_000, 10_000],
    ['a part of the whole debt', 'partly', 10_000, null, 10_000],
    ['nothing', 'rejected', null, 30_000, 0],
  ] as const)('is %s', (_what, outcome, amountMinor, disputedMinor, expected) => {
    expect(upheldMinorOf(outcome, amountMinor, disputedMinor, 90_000)).toBe(expected);
  });

  it.each([
    ['partly', null, 'must say how much is upheld'],
    ['partly', 30_000, 'must be less than what is disputed, 30000'],
    ['upheld', 30_000, 'is for a dispute upheld in part'],
    ['rejected', 1, 'is for a dispute upheld in part'],
  ] as const)('cannot be said as %s with %s', (outcome, amountMinor, reason) => {
    const said = () => upheldMinorOf(outcome, amountMinor, 30_000, 90_000);
    expect(said).toThrow(expect.objectContaining({ type: 'InputInvalid', field: 'amountMinor', reason }));
  });

  it('is never more than is unpaid when it is disputed', () => {
    expect(() => {
      requireDisputable(90_001, 90_000);
    }).toThrow(expect.objectContaining({ field: 'amountMinor', reason: 'only 90000 is unpaid' }));
    requireDisputable(90_000, 90_000);
    requireDisputable(null, 0);
  });
});

describe('the schedule without what was upheld', () => {
  const order = samplePolicy().allocation;
  const due = (amounts: Partial<Amounts>): Amounts => ({ ...noAmounts, ...amounts });
  const contract: Schedule = {
    no: 1,
    effectiveFrom: '2026-01-01',
    instalments: [
      { no: 1, dueDay: '2026-02-01', due: due({ fee: 500, interest: 1_000, principal: 10_000 }) },
      { no: 2, dueDay: '2026-03-01', due: due({ interest: 900, principal: 10_000 }) },
    ],
  };

  const paid = ({ instalments }: Schedule, paidMinor: number, by: AllocationOrder) => {
    const { unpaid } = allocate(instalments, paidMinor, by);
    return { unpaid, contract: unpaid };
  };

  it('asks for less where the next money would have gone, and leaves what was paid as it was', () => {
    const corrected = correctSchedule(contract, 2, paid(contract, 300, order), 1_000, order, '2026-03-10');
    expect(corrected).toMatchObject({ no: 2, effectiveFrom: '2026-03-10' });
    expect(corrected.chargesOff).toBeUndefined();
    expect(corrected.instalments.map((line) => line.due)).toEqual([
      due({ fee: 300, interest: 200, principal: 10_000 }),
      due({ interest: 900, principal: 10_000 }),
    ]);
  });

  it('takes what of it falls on late fees and penalty interest off those, and not off the contract', () => {
    const { unpaid: contractLines } = allocate(contract.instalments, 0, order);
    const unpaid = contractLines.map((line) => ({
      ...line,
      unpaid: { ...line.unpaid, penalty: 40, fee: line.unpaid.fee + 200 },
    }));
    const off = (creditMinor: number) => {
      const lines = { unpaid, contract: contractLines };
      const { instalments, chargesOff } = correctSchedule(contract, 2, lines, creditMinor, order, '2026-03-10');
      return [instalments.map((line) => totalMinor(line.due)), chargesOff];
    };
    expect(off(30)).toEqual([[11_500, 10_900], due({ penalty: 30 })]);
    expect(off(640)).toEqual([[11_000, 10_900], due({ penalty: 40, fee: 100 })]);
  });

  it('cannot ask for less than what was paid', () => {
    expect(() => correctSchedule(contract, 2, paid(contract, 22_000, order), 401, order, '2026-03-10')).toThrow(
      RangeError,
    );
  });

  it('leaves unpaid, instalment by instalment and part by part, what that much money would have left', () => {
    const anyCase = anySchedule.chain((schedule) =>
      fc.record({ schedule: fc.constant(schedule), paidMinor: anyPaidMinor(schedule.instalments) }),
    );
    fc.assert(
      fc.property(
        anyCase,
        fc.double({ min: 0, max: 1, noNaN: true }),
        anyOrder,
        ({ schedule, paidMinor }, share, by) => {
          const unpaid = allocate(schedule.instalments, paidMinor, by).unpaid;
          const outstandingMinor = totalMinor(sumAmounts(unpaid.map((line) => line.unpaid)));
          const creditMinor = Math.floor(outstandingMinor * share);
          const corrected = correctSchedule(schedule, 2, paid(schedule, paidMinor, by), creditMinor, by, '2026-06-01');
          const left = (instalments: Schedule['instalments'], minor: number) =>
            allocate(instalments, minor, by).unpaid.map((line) => [line.instalment.no, line.unpaid]);
          assert.deepEqual(left(corrected.instalments, paidMinor), left(schedule.instalments, paidMinor + creditMinor));
          const sumOf = ({ instalments }: Schedule) => totalMinor(sumAmounts(instalments.map((line) => line.due)));
          assert.equal(sumOf(schedule) - sumOf(corrected), creditMinor);
          for (const line of corrected.instalments) for (const part of components) assert.ok(line.due[part] >= 0);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('a policy', () => {
  it('says within what time a dispute is decided; fifteen working days where it does not', () => {
    expect(samplePolicy().disputes.answerWithin).toEqual({ amount: 15, unit: 'workingDays' });
    const { disputes } = samplePolicy({ disputes: { answerWithin: '10 days' } });
    expect(disputes.answerWithin).toEqual({ amount: 10, unit: 'days' });
  });
});
