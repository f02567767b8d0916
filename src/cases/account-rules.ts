import type { AccountRules } from '../domain/account/account';
import type { Policy } from '../domain/policy';

/** What of a policy says how money, charges and waivers make up a loan's account. */
export function accountRules({ allocation: order, grace, rests, charges }: Policy): AccountRules {
  const rules = { order, toleranceMinor: grace.toleranceMinor, rests };
  return charges === null ? rules : { ...rules, charges };
}
