import type { BankCalendar } from './bank-calendar';
import type { Timetable, TimetableStage, TimetableStep } from './case';
import type { Day } from './day';
import type { Pause, RiskTier } from './loan';
import { dayOfEffective } from './paused-days';
import type { Policy, PolicyStage, PolicyStep } from './policy';

/**
 * When each step of the tier's course is due for a case, in the order of the course. Steps in `done` are left out.
 * `anchorDueDay` is day 0: the due day of the oldest overdue instalment, or of the next one before anything is overdue.
 * A step behind a pause without end has no instant.
 */
export function timetable(
  policy: Policy,
  tier: RiskTier,
  anchorDueDay: Day,
  pauses: readonly Pause[],
  calendar: Pick<BankCalendar, 'instantAt' | 'startOfDayMs'>,
  done: ReadonlySet<string>,
): Timetable {
  const course = policy.courses[tier];
  const dayOf = (effectiveDay: number): Day | null => dayOfEffective(pauses, anchorDueDay, effectiveDay);
  return {
    stages: course.map((stage) => toStage(stage, dayOf(stage.from), calendar)),
    steps: course.flatMap(({ name, steps }) =>
      steps.filter(({ key }) => !done.has(key)).map((step) => toTimetableStep(step, name, dayOf(step.on), calendar)),
    ),
  };
}

function toStage(stage: PolicyStage, day: Day | null, calendar: Pick<BankCalendar, 'startOfDayMs'>): TimetableStage {
  const { name, from, orBrokenPromises, legal } = stage;
  return {
    name,
    fromMs: day === null ? null : calendar.startOfDayMs(day),
    ...(orBrokenPromises !== undefined && { brokenPromises: orBrokenPromises }),
    ...(from <= 0 && { beforeDue: true as const }),
    ...(legal !== undefined && {
      legal: { contacts: legal.contacts, channels: legal.channels, visits: legal.visits, offered: legal.offered },
    }),
  };
}

/** A step of the policy with the instant at which it is due on `day`; null where a pause without end lies before it. */
export function toTimetableStep(
  step: PolicyStep,
  stage: string,
  day: Day | null,
  calendar: Pick<BankCalendar, 'instantAt'>,
): TimetableStep {
  const { key, at, action, condition } = step;
  return {
    key,
    stage,
    dueAtMs: day === null ? null : calendar.instantAt(day, at),
    dueDay: day,
    // The rest of a task is looked up when it is made: the timetable travels through histories and stays small.
    action: action.kind === 'contact' ? action : { kind: 'task', task: action.task },
    ...(condition !== undefined && { condition }),
  };
}
