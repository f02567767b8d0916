import { addMonths, dayNumber, dayOfNumber } from '../day';
import type { ArrearsSpan } from '../standing/arrears-spans';
import type { ClassificationRules } from './classification-rules';

/** Why a loan went into a class. */
export const classReasons = ['contract', 'past-due', 'restructured', 'arrears-paid', 'observed', 'customer'] as const;
export type ClassReason = (typeof classReasons)[number];

/** From `fromDay` on, a `dayNumber`, the loan is in a class, given by its place in the rules. */
export interface ClassEntry {
  readonly fromDay: number;
  readonly rank: number;
  readonly why: ClassReason;
}

/**
 * In which class a loan is by its own facts, from its contract up to `throughDay`.
 *
 * Down at once: on the day on which raw days past due exceed a class's figure, or the loan is restructured. Up, to the
 * first class, only when nothing is overdue (up to the tolerance) and has not been for the months of observation, counted
 * from the later of the last restructure and the end of the last arrears; new arrears begin them anew. A restructured loan
 * is observed for its months, a bad debt for the cure's, any other not at all. Neighbours differ.
 */
export function ownClasses(
  spans: readonly ArrearsSpan[],
  restructuredDays: readonly number[],
  throughDay: number,
  rules: ClassificationRules,
): ClassEntry[] {
  const course = new ClassCourse(rules);
  const restructuredByThen = restructuredDays.filter((day) => day <= throughDay);
  for (const { fromDay, endDay, anchorDay, restructured } of stretches(spans, restructuredByThen, throughDay)) {
    if (restructured) course.restructure(fromDay);
    if (anchorDay === null) course.rest(fromDay, endDay);
    else course.fallDue(fromDay, endDay, anchorDay);
  }
  return course.entries;
}

/** Follows one loan through its days. */
class ClassCourse {
  readonly entries: ClassEntry[] = [];
  private rank = 0;
  private isRestructured = false;
  private isInArrears = false;
  private observedFromDay = -Infinity;

  constructor(private readonly rules: ClassificationRules) {}

  restructure(day: number): void {
    this.begin(day);
    this.isRestructured = true;
    this.observedFromDay = day;
    this.worsen(day, this.rules.restructured.atLeast, 'restructured');
  }

  fallDue(fromDay: number, endDay: number, anchorDay: number): void {
    this.begin(fromDay);
    this.isInArrears = true;
    for (const [rank, { overDpd }] of this.rules.classes.entries()) {
      if (overDpd === null) continue;
      const day = Math.max(fromDay, anchorDay + overDpd + 1);
      if (day >= endDay) return;
      this.worsen(day, rank, 'past-due');
    }
  }

  rest(fromDay: number, endDay: number): void {
    this.begin(fromDay);
    if (this.isInArrears) this.observedFromDay = fromDay;
    this.isInArrears = false;
    if (this.rank === 0) return;
    const months = this.observedMonths();
    const overDay = months === 0 ? fromDay : dayNumber(addMonths(dayOfNumber(this.observedFromDay), months));
    const day = Math.max(fromDay, overDay);
    if (day >= endDay) return;
    this.isRestructured = false;
    this.enter(day, 0, months === 0 ? 'arrears-paid' : 'observed');
  }

  private begin(day: number): void {
    if (this.entries.length === 0) this.entries.push({ fromDay: day, rank: 0, why: 'contract' });
  }

  private observedMonths(): number {
    const { cureMonths, restructured, classes } = this.rules;
    const cured = classes[this.rank]?.nonPerforming === true ? cureMonths : 0;
    return this.isRestructured ? Math.max(cured, restructured.observeMonths) : cured;
  }

  private worsen(day: number, rank: number, why: ClassReason): void {
    if (rank > this.rank) this.enter(day, rank, why);
  }

  /** Of two changes on one day the last one counts. */
  private enter(fromDay: number, rank: number, why: ClassReason): void {
    if (this.entries.at(-1)?.fromDay === fromDay) this.entries.pop();
    if (this.entries.at(-1)?.rank !== rank) this.entries.push({ fromDay, rank, why });
    this.rank = rank;
  }
}

interface Stretch {
  readonly fromDay: number;
  readonly endDay: number;
  readonly anchorDay: number | null;
  readonly restructured: boolean;
}

/** The spans up to `throughDay`, cut where the loan was restructured. */
function stretches(spans: readonly ArrearsSpan[], restructuredDays: readonly number[], throughDay: number): Stretch[] {
  if (restructuredDays.length === 0) {
    return spans.map(({ fromDay, anchorDay }, index) => {
      return { fromDay, endDay: spans[index + 1]?.fromDay ?? throughDay + 1, anchorDay, restructured: false };
    });
  }
  return spans.flatMap(({ fromDay, anchorDay }, index) => {
    const spanEnd = spans[index + 1]?.fromDay ?? throughDay + 1;
    const cuts = restructuredDays.filter((day) => fromDay < day && day < spanEnd);
    const starts = [...new Set([fromDay, ...cuts])].sort((a, b) => a - b);
    return starts.map((start, at) => {
      const endDay = starts[at + 1] ?? spanEnd;
      return { fromDay: start, endDay, anchorDay, restructured: restructuredDays.includes(start) };
    });
  });
}
