import type {
  Answer,
  BlockRule,
  ContactRule,
  Evidence,
  FrequencyCapRule,
  PastContact,
  TimeWindowRule,
  ZoneClock,
} from './contact-rules';
import { addDays, type Day } from './day';

/**
 * Judges one rule at an instant. A later instant in the answer is one before which the rule cannot allow the contact;
 * the gate asks again there. A new kind of rule is a judge more in `judges`.
 */
type Judge<Rule extends ContactRule> = (rule: Rule, evidence: Evidence, atMs: number) => Answer;

export const judges: { readonly [Kind in ContactRule['kind']]: Judge<Extract<ContactRule, { kind: Kind }>> } = {
  timeWindow: judgeTimeWindow,
  frequencyCap: judgeFrequencyCap,
  block: judgeBlock,
};

function judgeTimeWindow({ start, end }: TimeWindowRule, { clocks }: Evidence, atMs: number): Answer {
  return latest(atMs, clocks, (clock) => {
    const day = clock.dayOf(atMs);
    const opensMs = clock.instantAt(day, start);
    if (atMs < opensMs) return opensMs;
    return atMs < clock.instantAt(day, end) ? atMs : clock.instantAt(addDays(day, 1), start);
  });
}

function judgeFrequencyCap(rule: FrequencyCapRule, evidence: Evidence, atMs: number): Answer {
  if (rule.max === 0) return { never: 'no contact of this kind is allowed' };
  const counted = evidence.ledger.filter(({ channel }) => rule.channels.includes(channel));
  const days = rule.window === 'calendarDay' ? 1 : rule.window.rollingDays;
  const byDay = latest(atMs, evidence.clocks, (clock) => {
    const today = clock.dayOf(atMs);
    const inWindow = counted.filter((contact) => isWithin(clock.dayOf(contact.atMs), addDays(today, 1 - days), today));
    return inWindow.length < rule.max ? atMs : clock.startOfDayMs(addDays(today, 1));
  });
  return rule.window === 'calendarDay' ? byDay : Math.max(byDay, rollingMs(counted, rule.max, days, atMs));
}

/** The same cap over so many times 24 hours: the instant at which the oldest contact of the window leaves it. */
function rollingMs(counted: readonly PastContact[], max: number, days: number, atMs: number): number {
  const lengthMs = days * 86_400_000;
  const inWindow = counted.map((contact) => contact.atMs).filter((at) => at <= atMs && at > atMs - lengthMs);
  return inWindow.length < max ? atMs : Math.min(...inWindow) + lengthMs;
}

function judgeBlock(_rule: BlockRule, { channel, optedOut }: Evidence, atMs: number): Answer {
  return optedOut.has(channel) ? { never: 'the person asked not to be contacted in this way' } : atMs;
}

function isWithin(day: Day, from: Day, through: Day): boolean {
  return day >= from && day <= through;
}

function latest(atMs: number, clocks: readonly ZoneClock[], nextMs: (clock: ZoneClock) => number): number {
  return Math.max(atMs, ...clocks.map(nextMs));
}
