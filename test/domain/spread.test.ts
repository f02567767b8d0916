import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { UnpaidInstalment } from '../../src/domain/allocation';
import type { Day } from '../../src/domain/day';
import { noAmounts, totalMinor } from '../../src/domain/loan';
import { partsProblem, spreadOverLoans, type UnpaidLoan } from '../../src/domain/spread';
import { anyDay } from './loan-arbitraries';

function unpaid(no: number, dueDay: Day, amountMinor: number): UnpaidInstalment {
  const due = { ...noAmounts, principal: amountMinor };
  return { instalment: { no, dueDay, due }, unpaid: due };
}

const older = { loanId: 'L-older', unpaid: [unpaid(1, '2026-01-10', 100), unpaid(2, '2026-03-10', 100)] };
const younger = { loanId: 'L-younger', unpaid: [unpaid(1, '2026-02-10', 80)] };

describe('one sum over several loans', () => {
  it.each([
    ['pays what fell due first', 60, { 'L-older': 60 }],
    ['goes on with the next due day, whichever loan it belongs to', 150, { 'L-older': 100, 'L-younger': 50 }],
    ['comes back to the first loan for its later instalment', 200, { 'L-older': 120, 'L-younger': 80 }],
    ['leaves what is beyond all as credit where it began', 300, { 'L-older': 220, 'L-younger': 80 }],
  ])('%s', (_rule, amountMinor, expected) => {
    const parts = spreadOverLoans([younger, older], amountMinor);
    expect(Object.fromEntries(parts.map((part) => [part.loanId, part.amountMinor]))).toEqual(expected);
  });

  it('is credit of the first loan where nothing is unpaid', () => {
    const settled = ['L-b', 'L-a'].map((loanId) => ({ loanId, unpaid: [] }));
    expect(spreadOverLoans(settled, 7)).toEqual([{ loanId: 'L-a', amountMinor: 7 }]);
  });

  it.each([0, -1, 0.5])('is not %d', (amountMinor) => {
    expect(() => spreadOverLoans([older], amountMinor)).toThrow(RangeError);
  });

  const anyLoans: fc.Arbitrary<UnpaidLoan[]> = fc
    .array(fc.array(fc.tuple(anyDay, fc.integer({ min: 1, max: 9_000 })), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((loans) =>
      loans.map((lines, at) => ({
        loanId: `L-${at}`,
        unpaid: lines.map(([dueDay, amountMinor], no) => unpaid(no + 1, dueDay, amountMinor)),
      })),
    );

  it('adds up, gives no loan more than it owes while another owes, and does not depend on the order of the loans', () => {
    fc.assert(
      fc.property(anyLoans, fc.integer({ min: 1, max: 90_000 }), (loans, amountMinor) => {
        const parts = spreadOverLoans(loans, amountMinor);
        assert.equal(
          parts.reduce((sum, part) => sum + part.amountMinor, 0),
          amountMinor,
        );
        const owed = new Map(
          loans.map(({ loanId, unpaid: lines }) => [
            loanId,
            lines.reduce((sum, line) => sum + totalMinor(line.unpaid), 0),
          ]),
        );
        const owedMinor = [...owed.values()].reduce((sum, minor) => sum + minor, 0);
        const over = parts.filter((part) => part.amountMinor > (owed.get(part.loanId) ?? 0));
        assert.equal(over.length, amountMinor > owedMinor ? 1 : 0);
        assert.deepEqual(spreadOverLoans([...loans].reverse(), amountMinor), parts);
      }),
      { numRuns: 50_000 },
    );
  });
});

describe('parts that were told', () => {
  it.each([
    [
      'do not add up',
      [
        { loanId: 'a', amountMinor: 40 },
        { loanId: 'b', amountMinor: 50 },
      ],
      'loans',
    ],
    [
      'name a loan twice',
      [
        { loanId: 'a', amountMinor: 40 },
        { loanId: 'a', amountMinor: 60 },
      ],
      'loans.1.loanId',
    ],
  ])('are refused when they %s', (_what, parts, field) => {
    expect(partsProblem(parts, 100)).toMatchObject({ type: 'PaymentInvalid', field });
  });

  it('are taken when they add up', () => {
    expect(partsProblem([{ loanId: 'a', amountMinor: 100 }], 100)).toBeNull();
  });
});
