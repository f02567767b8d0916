import { addDays } from '../day';
import { lastDayOf } from '../deadline/deadline';
import { type Answer, type Evidence, strictest, type ZoneClock } from './evidence';
import { covers, flagsOf } from './judge-person';
import type { RuleOf } from './rule';
import { type CaseEvent, caseEventNames } from './situation';

/** The notice itself, and what else the law asks for, may always be sent. */
const required = 'legally-required';

export function judgeNoticeFirst(rule: RuleOf<'noticeFirst'>, evidence: Evidence, atMs: number): Answer {
  const { situation } = evidence;
  if (situation.purpose === required || rule.actors?.includes(situation.actor) === false) return atMs;
  const given = (loanId: string): readonly CaseEvent[] => eventsOf(evidence, rule.notice, loanId, atMs);
  const { when } = rule;
  const answers = situation.loanIds.map((loanId): Answer => {
    const never = { never: `a notice must come first: ${rule.notice}` };
    if (when === undefined) return given(loanId).length > 0 ? atMs : never;
    const since = flagsOf(evidence, [when]).filter(
      (flag) => (flag.loanId === null || flag.loanId === loanId) && covers(flag, atMs),
    );
    return strictest(
      since
        .filter(({ fromMs }) => !given(loanId).some((event) => event.atMs >= fromMs))
        .map(({ untilMs }): Answer => untilMs ?? never),
      atMs,
    );
  });
  return strictest(answers, atMs);
}

/** What must follow in time and did not stops every other contact until it is done. */
export function judgeDeadline(rule: RuleOf<'deadline'>, evidence: Evidence, atMs: number): Answer {
  const { situation, clocks } = evidence;
  const trigger = caseEventNames.find((name) => name === rule.trigger);
  const action = caseEventNames.find((name) => name === rule.action);
  if (rule.onMiss !== 'block' || trigger === undefined || action === undefined) return atMs;
  if (situation.purpose === required) return atMs;
  const isMissed = situation.loanIds.some((loanId) => {
    if (eventsOf(evidence, action, loanId, atMs).length > 0) return false;
    const startedMs = Math.min(...eventsOf(evidence, trigger, loanId, atMs).map((event) => event.atMs));
    return startedMs !== Infinity && clocks.some((clock) => atMs >= overMs(rule, clock, startedMs));
  });
  return isMissed ? { never: `is overdue: ${rule.action}` } : atMs;
}

/** The first instant after the last day. */
function overMs(rule: RuleOf<'deadline'>, clock: ZoneClock, fromMs: number): number {
  return clock.startOfDayMs(addDays(lastDayOf(rule, clock.dayOf(fromMs)), 1));
}

function eventsOf(
  { situation }: Evidence,
  name: CaseEvent['event'],
  loanId: string,
  atMs: number,
): readonly CaseEvent[] {
  return situation.events.filter(
    (one) => one.event === name && one.atMs <= atMs && (one.loanId === null || one.loanId === loanId),
  );
}
