import type { BankCalendar } from '../bank-calendar';
import type { CaseFacts, Timetable, TimetableStep } from '../case';
import { addDays, type Day } from '../day';
import type { Pause } from '../loan';
import { nextChangeOfCourse, type OwnCourse, ownCourseOn } from './own-course';
import { ownTimetable, retriesOfCourse } from './own-timetable';

export interface CaseToPlan {
  readonly course: Timetable;
  /** What came out of the steps of any course: further attempts at messages, tasks for broken promises. */
  readonly retries: readonly TimetableStep[];
  readonly afterBroken: readonly TimetableStep[];
  readonly stage: string;
  readonly done: ReadonlySet<string>;
  readonly pauses: readonly Pause[];
  readonly clockPauses: readonly Pause[];
  readonly today: Day;
  /** Null while nothing is overdue: what is only due soon is announced as to everybody. */
  readonly overdueSinceDay: Day | null;
  readonly nextDueDay: Day | null;
}

type Plan = Pick<CaseFacts, 'timetable' | 'ownCourse' | 'nextCourseAtMs'>;

/** What a case has before it today: the course of its tier, or the own course that a flag of the borrower brings. */
export function planOfCase(
  ownCourses: readonly OwnCourse[],
  asked: CaseToPlan,
  calendar: Pick<BankCalendar, 'instantAt' | 'startOfDayMs'>,
): Plan {
  const { course, retries, afterBroken, pauses, today, overdueSinceDay: dueDay, nextDueDay } = asked;
  const running = ownCourseOn(ownCourses, pauses, today);
  const ordinary = { timetable: { ...course, steps: [...course.steps, ...retries, ...afterBroken] } };
  if (running === null) return { ...ordinary, ...nextOf(nextChangeOfCourse(ownCourses, pauses, today), calendar) };
  if (dueDay === null) {
    const overdueOn = nextDueDay === null ? [] : [addDays(nextDueDay, 1)];
    const changes = [nextChangeOfCourse(ownCourses, pauses, today), ...overdueOn].filter((day) => day !== null).sort();
    return { ...ordinary, ...nextOf(changes[0] ?? null, calendar) };
  }
  const own = ownTimetable(running, { ...asked, dueDay }, calendar);
  return {
    timetable: { ...own, steps: [...own.steps, ...retriesOfCourse(retries, running)] },
    ownCourse: running.course.name,
    ...nextOf(nextChangeOfCourse(ownCourses, pauses, today), calendar),
  };
}

function nextOf(day: Day | null, calendar: Pick<BankCalendar, 'startOfDayMs'>): Pick<Plan, 'nextCourseAtMs'> {
  return day === null ? {} : { nextCourseAtMs: calendar.startOfDayMs(day) };
}
