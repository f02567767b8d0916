import { describe, expect, it } from '@jest/globals';
import { noAmounts } from '../../src/domain/loan';
import { needsApproval, waiverProblem } from '../../src/domain/waiver/waiver-rules';

const rules = { approvalOverMinor: 5_000, approval: 'supervisor', payWithinDaysMax: 30 };
const unpaid = { penalty: 300, fee: 2_000, interest: 9_000, principal: 100_000 };
const asked = { amounts: { ...noAmounts, fee: 2_000 }, payBy: '2026-03-31' };

describe('a request for a waiver', () => {
  it('is taken up to what is unpaid', () => {
    expect(waiverProblem(asked, unpaid, '2026-03-02', rules)).toBeNull();
  });

  it.each([
    ['gives up nothing', { amounts: noAmounts }, 'amounts'],
    [
      'gives up more than is unpaid of a component',
      { amounts: { ...noAmounts, penalty: 301 } },
      'amounts.penaltyMinor',
    ],
    ['has a last day that is past', { payBy: '2026-03-01' }, 'payBy'],
    ['has a last day further ahead than the policy allows', { payBy: '2026-04-02' }, 'payBy'],
  ])('is refused when it %s', (_what, change, field) => {
    const problem = waiverProblem({ ...asked, ...change }, unpaid, '2026-03-02', rules);
    expect(problem).toMatchObject({ type: 'WaiverInvalid', field });
  });

  it('waits for a second person above the limit, all components together', () => {
    const both = { ...asked, amounts: { ...noAmounts, fee: 2_000, interest: 3_001 } };
    expect([needsApproval(asked, rules), needsApproval(both, rules)]).toEqual([false, true]);
  });
});
