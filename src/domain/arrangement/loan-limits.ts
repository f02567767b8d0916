import { addDays, addMonths, type Day } from '../day';
import { Refusal } from '../refusal';
import type { ArrangementQuota, LoanLimits } from './arrangement-policy';

/** Why the loan cannot have another arrangement yet, given the days on which its earlier ones began; null when it can. */
export function loanLimitProblem(earlier: readonly Day[], today: Day, limits: LoanLimits): Refusal | null {
  const { lifetimeMax, within, coolingOffDays } = limits;
  if (lifetimeMax !== null && earlier.length >= lifetimeMax) {
    return refusal(`the loan has had ${earlier.length} arrangements; the policy allows ${lifetimeMax}`);
  }
  if (within !== null) {
    const recent = earlier.filter((day) => day > addMonths(today, -within.months));
    if (recent.length >= within.atMost) {
      return refusal(`${recent.length} began within ${within.months} months; the policy allows ${within.atMost}`);
    }
  }
  const freeFrom = addDays([...earlier].sort().at(-1) ?? today, coolingOffDays);
  if (earlier.length > 0 && today < freeFrom) return refusal(`the last one is too recent; again from ${freeFrom}`);
  return null;
}

/** Why the branch cannot have one more case under an arrangement; null when it can. A few are free in any branch. */
export function quotaProblem(
  openCases: number,
  underArrangement: number,
  quota: ArrangementQuota | null,
): Refusal | null {
  if (quota === null || underArrangement < quota.freeUpTo) return null;
  if ((underArrangement + 1) * 1_000 <= openCases * quota.perMille) return null;
  return refusal(
    `${underArrangement} of the branch's ${openCases} open cases are under an arrangement; ` +
      `the policy allows ${quota.perMille} per mille`,
  );
}

function refusal(reason: string): Refusal {
  return new Refusal('RestructureInvalid', reason);
}
