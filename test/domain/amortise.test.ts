import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { amortise, type AmortisedPart } from '../../src/domain/arrangement/amortise';

const sum = (parts: readonly AmortisedPart[], figure: keyof AmortisedPart): number =>
  parts.reduce((total, part) => total + part[figure], 0);
const paymentOf = ({ principalMinor, interestMinor }: AmortisedPart): number => principalMinor + interestMinor;

describe('published examples', () => {
  // Consumer Financial Protection Bureau, 12 CFR 1026, appendix H, sample forms H-24(B) and H-25(B): $162,000 over 30 years
  // at 3.875 %, monthly principal and interest $761.78; "In 5 years … $15,773 principal you will have paid off".
  const sample = { principalMinor: 16_200_000, yearlyRateBps: 387.5, count: 360, everyMonths: 1 } as const;

  it('the CFPB’s fixed-rate sample loan has the monthly payment that the form prints', () => {
    const parts = amortise({ ...sample, method: 'annuity' });
    expect(new Set(parts.slice(0, -1).map(paymentOf))).toEqual(new Set([76_178]));
    expect(sum(parts, 'principalMinor')).toBe(16_200_000);
    expect(Math.abs(paymentOf(parts[359]!) - 76_178)).toBeLessThan(360);
  });

  it('and after five years the principal that the form says is paid off', () => {
    const paidOffMinor = sum(amortise({ ...sample, method: 'annuity' }).slice(0, 60), 'principalMinor');
    expect(Math.round(paidOffMinor / 100)).toBe(15_773);
  });
});

describe('equal parts of the principal (等额本金)', () => {
  it('pay interest on what was left before: the closed form is rate × principal × (n + 1) / 2', () => {
    // 1,200,000 over 12 months at 6 % a year: 0.5 % a month on 1,200,000, 1,100,000 … 100,000.
    const loan = { principalMinor: 1_200_000, yearlyRateBps: 600, count: 12, everyMonths: 1 } as const;
    const parts = amortise({ ...loan, method: 'equal-principal' });
    expect(parts.map(({ principalMinor }) => principalMinor)).toEqual(Array.from({ length: 12 }, () => 100_000));
    expect(parts.map(({ interestMinor }) => interestMinor)).toEqual([
      6_000, 5_500, 5_000, 4_500, 4_000, 3_500, 3_000, 2_500, 2_000, 1_500, 1_000, 500,
    ]);
    expect(sum(parts, 'interestMinor')).toBe((0.005 * 1_200_000 * 13) / 2);
  });
});

describe('every amortisation', () => {
  const anyLoan = fc.record({
    principalMinor: fc.integer({ min: 600, max: 1_000_000_000 }),
    yearlyRateBps: fc.integer({ min: 0, max: 36_000 }).map((tenths) => tenths / 10),
    count: fc.integer({ min: 1, max: 600 }),
    everyMonths: fc.constantFrom(1, 3, 12),
    method: fc.constantFrom('annuity' as const, 'equal-principal' as const),
  });

  it('pays back the principal to the minor unit, and no part is negative', () => {
    fc.assert(
      fc.property(anyLoan, (loan) => {
        const parts = amortise(loan);
        assert.equal(parts.length, loan.count);
        assert.equal(sum(parts, 'principalMinor'), loan.principalMinor);
        assert.ok(parts.every(({ principalMinor, interestMinor }) => principalMinor >= 0 && interestMinor >= 0));
      }),
      { numRuns: 2_000 },
    );
  });

  it('as an annuity agrees with the formula in floating point to a minor unit', () => {
    fc.assert(
      fc.property(anyLoan, (loan) => {
        fc.pre(loan.yearlyRateBps > 0 && loan.count > 1);
        const rate = (loan.yearlyRateBps / 10_000 / 12) * loan.everyMonths;
        const byFormula = (loan.principalMinor * rate) / -Math.expm1(-loan.count * Math.log1p(rate));
        const [first] = amortise({ ...loan, method: 'annuity' });
        assert.ok(Math.abs(paymentOf(first!) - byFormula) <= 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
