import type { BankCalendar } from '../bank-calendar';
import type { Timetable, TimetableStage, TimetableStep } from '../case';
import { addDays, type Day } from '../day';
import type { Pause } from '../loan';
import { toTimetableStep } from '../timetable';
import { dayOfEffective } from '../paused-days';
import { dayZeroOf, keyInCourse, keyInTime, pausesOf, type RunningCourse } from './own-course';

/** A case as the timetable of an own course has to know it. */
export interface CaseInCourse {
  /** Of the tier, as if no own course were running. */
  readonly course: Timetable;
  readonly stage: string;
  /** Of the oldest overdue instalment. */
  readonly dueDay: Day;
  /** Those that stop the clock, flags among them. */
  readonly clockPauses: readonly Pause[];
  readonly done: ReadonlySet<string>;
}

/**
 * The timetable while an own course runs: its steps, and of the tier's course nothing but the stage in which the case is.
 * So the case enters no stage, and the steps of the tier wait; the clock of their days stands still for the same flags, which
 * brings the case back to the step it stood before. Other pauses move the days of the own course as they do any other's.
 */
export function ownTimetable(
  running: RunningCourse,
  { course, stage, dueDay, clockPauses, done }: CaseInCourse,
  calendar: Pick<BankCalendar, 'instantAt' | 'startOfDayMs'>,
): Timetable {
  const own = new Set(pausesOf(running.course, clockPauses));
  const others = clockPauses.filter((pause) => !own.has(pause));
  const dayZero = dayZeroOf(running, dueDay);
  const { name, steps } = running.course;
  return {
    stages: stagesMeanwhile(course.stages, stage, calendar.startOfDayMs(addDays(dueDay, 1))),
    steps: steps
      .map((step) => ({ ...step, key: keyInTime(step.key, running.no) }))
      .filter(({ key }) => !done.has(key))
      .map((step) => toTimetableStep(step, name, dayOfEffective(others, dayZero, step.on), calendar)),
  };
}

/** Further attempts at messages of the own course; those of the tier's wait with their steps. */
export function retriesOfCourse(retries: readonly TimetableStep[], running: RunningCourse): readonly TimetableStep[] {
  const { name, steps } = running.course;
  const keys = new Set(steps.map(({ key }) => key));
  return retries.filter(({ key, stage }) => stage === name && keys.has(keyInCourse(key).replace(/#\d+$/, '')));
}

/** What is overdue is no longer before its due day, whatever else stands still. */
function stagesMeanwhile(
  stages: readonly TimetableStage[],
  current: string,
  overdueMs: number,
): readonly TimetableStage[] {
  const index = stages.findIndex(({ name }) => name === current);
  const [stage, next] = [stages[index], stages[index + 1]];
  if (stage === undefined) return [];
  if (stage.beforeDue !== true || next === undefined || next.legal !== undefined) return [stage];
  return [stage, { name: next.name, fromMs: overdueMs }];
}
