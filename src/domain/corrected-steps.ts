import type { Day } from './day';
import type { Delinquency } from './delinquency';

/** A contact, task or stage of a case, and the bank's day on which it came about. */
export interface TakenStep {
  /** `reminder/day-1-sms` and its like. */
  readonly step: string;
  readonly day: Day;
}

/** How a loan stood at the end of a day. */
export type Standing = Pick<Delinquency, 'rawDpd' | 'overdueMinor'>;

/** One question, three states of knowledge: how did the loan stand on the day of the step? */
export interface Views<Step extends TakenStep> {
  /** By what was known when the step was taken. */
  readonly then: (step: Step) => Standing;
  /** By what was known until now. */
  readonly before: (day: Day) => Standing;
  /** By what is known now. */
  readonly after: (day: Day) => Standing;
}

export interface CorrectedStep extends TakenStep {
  readonly then: Standing;
  readonly now: Standing;
  /** What was learnt now undoes an earlier correction: the step was taken on facts that hold after all. */
  readonly holdsAgain: boolean;
}

/**
 * Of the steps that were taken, those for whose day what was learnt now changes the days past due or the amount overdue
 * (minor units): taken on facts since corrected, or on facts that hold again. They stay in their order.
 */
export function stepsOnCorrectedFacts<Step extends TakenStep>(
  steps: readonly Step[],
  { then, before, after }: Views<Step>,
): CorrectedStep[] {
  return steps.flatMap((taken) => {
    const now = figures(after(taken.day));
    if (isSame(before(taken.day), now)) return [];
    const known = figures(then(taken));
    return [{ step: taken.step, day: taken.day, then: known, now, holdsAgain: isSame(known, now) }];
  });
}

/** The day from which payments just learnt of change the past: the earliest value day among them and what they undo. */
export function correctedFrom(
  payments: readonly { readonly id: string; readonly valueDay: Day; readonly reverses: string | null }[],
  learnt: ReadonlySet<string>,
): Day | null {
  const undone = new Set(payments.filter(({ id }) => learnt.has(id)).map(({ reverses }) => reverses));
  return payments.reduce<Day | null>((earliest, { id, valueDay, reverses }) => {
    // The day on which a payment was undone does not matter, the payment's own day does.
    const counts = undone.has(id) || (learnt.has(id) && reverses === null);
    return counts && (earliest === null || valueDay < earliest) ? valueDay : earliest;
  }, null);
}

function figures({ rawDpd, overdueMinor }: Standing): Standing {
  return { rawDpd, overdueMinor };
}

function isSame(a: Standing, b: Standing): boolean {
  return a.rawDpd === b.rawDpd && a.overdueMinor === b.overdueMinor;
}
