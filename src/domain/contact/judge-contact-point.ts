import { type Answer, dayMs, type Evidence, startOfDayAfter } from './evidence';
import { activeGrant, grantsOf } from './grants';
import type { RuleOf } from './rule';

export function judgeContactPoint(rule: RuleOf<'contactPoint'>, { situation }: Evidence, atMs: number): Answer {
  const { channel, contactPoint } = situation;
  if (channel === 'sms' && contactPoint?.takesSms === false) return { never: 'the number cannot receive SMS' };
  const state = contactPoint?.state;
  const isBad = state !== undefined && rule.not.some((bad) => bad === state);
  return isBad ? { never: `the number or address is ${state}` } : atMs;
}

export function judgeWorkplace(rule: RuleOf<'workplace'>, { situation }: Evidence, atMs: number): Answer {
  if (situation.contactPoint?.place !== 'work' || situation.contactPoint.employerAllows === true) return atMs;
  const isAgreed = (rule.exceptions ?? []).some(({ grant }) => activeGrant(situation, grant, atMs));
  return isAgreed ? atMs : { never: 'nobody is contacted at work without leave' };
}

/** A ground that is too young is waited for; one that is missing or stale is a person's to look after. */
export function judgeConsentBasis(rule: RuleOf<'consentBasis'>, { situation, clocks }: Evidence, atMs: number): Answer {
  const usableMs = rule.anyOf.flatMap(({ grant, afterDays = 0 }) =>
    grantsOf(situation, grant, atMs).map((one) =>
      afterDays === 0 ? one.atMs : startOfDayAfter(one.atMs, afterDays, clocks),
    ),
  );
  if (usableMs.length === 0) return { never: 'there is no ground on record to use this number or address' };
  const { fresh } = rule;
  if (fresh !== undefined) {
    const provenMs = fresh.by.flatMap((grant) => grantsOf(situation, grant, atMs).map((one) => one.atMs));
    if (!provenMs.some((provedMs) => provedMs > atMs - fresh.days * dayMs)) {
      return { never: `nothing shows within ${fresh.days} days that it is still the person’s` };
    }
  }
  return Math.max(atMs, Math.min(...usableMs));
}

export function judgeVisit(rule: RuleOf<'visit'>, { situation }: Evidence, atMs: number): Answer {
  const plan = situation.visit;
  if (plan === null) return atMs;
  if (plan.staff < (rule.minStaff ?? 1)) return { never: `a visit is made by ${rule.minStaff ?? 1} or more` };
  if (rule.recording === true && !plan.recorded) return { never: 'a visit is recorded' };
  return rule.identityCard === true && !plan.identityCard ? { never: 'on a visit collectors show who they are' } : atMs;
}
