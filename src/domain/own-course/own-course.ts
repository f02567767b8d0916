import type { FlagName } from '../contact/flag';
import type { Day } from '../day';
import type { Pause } from '../loan';
import { isPausedOn, unitedPauses } from '../paused-days';
import type { PolicyStep } from '../policy';
import { reasonOfFlag } from '../rest/rest-rules';

/** Other steps, in another tone, for cases whose borrower has one of the flags; the stages of the tier stand still meanwhile. */
export interface OwnCourse {
  readonly name: string;
  readonly flags: readonly FlagName[];
  /** Keys are `course/id`; `on` counts from the day on which the course begins for the case. */
  readonly steps: readonly PolicyStep[];
}

/** An own course in force on a day. */
export interface RunningCourse {
  readonly course: OwnCourse;
  /** The first time that its flags covered days of the loan is 1; each time after days without them counts on. */
  readonly no: number;
  readonly sinceDay: Day;
}

/**
 * Which own course holds on a day: the first of the policy's of which a flag covers it. `pauses` are all of the loan's,
 * flags among them; days of several flags, and of flags that follow each other without a gap, are one time.
 */
export function ownCourseOn(courses: readonly OwnCourse[], pauses: readonly Pause[], day: Day): RunningCourse | null {
  for (const course of courses) {
    const times = unitedPauses(pausesOf(course, pauses));
    const no = times.filter(({ from }) => from <= day).length;
    const time = times[no - 1];
    if (time !== undefined && isPausedOn([time], day)) return { course, no, sinceDay: time.from };
  }
  return null;
}

/** The first day after `day` on which another course may hold; null while no flag of an own course begins or ends. */
export function nextChangeOfCourse(courses: readonly OwnCourse[], pauses: readonly Pause[], day: Day): Day | null {
  const days = courses
    .flatMap((course) => pausesOf(course, pauses))
    .flatMap(({ from, until }) => (until === null ? [from] : [from, until]))
    .filter((change) => change > day)
    .sort();
  return days[0] ?? null;
}

/** Of these pauses those that bring the course about. */
export function pausesOf({ flags }: OwnCourse, pauses: readonly Pause[]): readonly Pause[] {
  const reasons = new Set(flags.map(reasonOfFlag));
  return pauses.filter(({ reason }) => reason !== undefined && reasons.has(reason));
}

/** The key of a step in the `no`-th time of its course, and back. */
export function keyInTime(key: string, no: number): string {
  return key.replace('/', `/${no}/`);
}

export function keyInCourse(key: string): string {
  return key.replace(/^([^/]+)\/\d+\//, '$1/');
}

/** The day that a course counts from: its flag's, but not before the day on which the loan fell due. */
export function dayZeroOf({ sinceDay }: RunningCourse, dueDay: Day): Day {
  return sinceDay > dueDay ? sinceDay : dueDay;
}
