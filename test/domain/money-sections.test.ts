import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/domain/parse-policy';
import type { Policy } from '../../src/domain/policy';
import { withSections } from '../../src/domain/policy-defaults';
import { samplePolicy, writtenPolicy } from './sample-policy';

const components = ['penalty', 'fee', 'interest', 'principal'];
const problemsOf = (parts: Readonly<Record<string, unknown>>) =>
  parsePolicy(writtenPolicy(parts)).problems.map(({ path, reason }) => `${path.join('.')}: ${reason}`);

describe('what a policy says of money', () => {
  it('is by default one order for all states, no charges, and waivers that a supervisor agrees to', () => {
    expect(samplePolicy()).toMatchObject({
      allocation: { by: 'instalment', components },
      charges: null,
      waivers: { approvalOverMinor: 0, approval: 'supervisor', payWithinDaysMax: 30 },
    });
  });

  it('holds for policies that were published before it could be said', () => {
    const { charges, waivers, ...earlier } = samplePolicy();
    expect(withSections(earlier as Policy)).toMatchObject({ charges, waivers });
  });

  it('may be another order for a bad debt, while a settlement runs and after a write-off', () => {
    const other = { by: 'component', scope: 'due-first', components: components.toReversed() };
    const written = { by: 'instalment', components, nonPerforming: { fromDpd: 91, ...other }, settlement: other };
    const { allocation } = samplePolicy({ allocation: { ...written, writtenOff: other } });
    expect(allocation).toEqual({ ...written, writtenOff: other });
  });

  it('may be a late fee and penalty interest within bounds', () => {
    const charges = { graceDays: 3, lateFee: 500, penaltyInterest: { perMillePerYear: 180, daysInYear: 360 } };
    expect(samplePolicy({ charges: { ...charges, caps: { total: 9_000 } } }).charges).toEqual({
      graceDays: 3,
      lateFeeMinor: 500,
      penaltyInterest: { perMillePerYear: 180, daysInYear: 360, on: 'principal' },
      caps: { totalMinor: 9_000 },
    });
  });

  it.each([
    ['charges that charge nothing', { charges: { graceDays: 3 } }, /^charges: charges nothing/],
    ['a scope of the oldest instalment', { allocation: { by: 'instalment', scope: 'due-first', components } }, /scope/],
    [
      'a component that a state forgets',
      { allocation: { by: 'instalment', components, writtenOff: { by: 'component', components: ['principal'] } } },
      /^allocation\.writtenOff\.components: must name each/,
    ],
    [
      'more than all of it a year',
      { charges: { penaltyInterest: { perMillePerYear: 1_001, daysInYear: 360 } } },
      /1000/,
    ],
  ])('cannot be %s', (_what, parts, problem) => {
    expect(problemsOf(parts)).toEqual([expect.stringMatching(problem)]);
  });
});
