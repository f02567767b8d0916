import { netPaidMinor } from '../allocation';
import { addDays, type Day } from '../day';
import { delinquencyAsOf, type DelinquencyRules } from '../delinquency';
import type { LoanFacts, Payment } from '../loan';
import { Refusal } from '../refusal';
import type { WriteOffRule } from './write-off-rule';

/** Why a loan is written off (核销), a closed list. */
export const writeOffReasons = [
  'uncollectable',
  'deceased',
  'insolvent',
  'enforcement-ended',
  'fraud',
  'time-barred',
  'small-balance',
  'other',
] as const;
export type WriteOffReason = (typeof writeOffReasons)[number];

/** `waiting` for a second person; `undone` as if it had never been, though it stays on record. */
export type WriteOffState = 'waiting' | 'rejected' | 'in-force' | 'undone';

export interface WriteOffFacts {
  readonly state: WriteOffState;
  /** Its undoing waits for a second person. */
  readonly undoWaits: boolean;
}

/** Why a loan that stands like this cannot be written off; null when it can. */
export function writeOffProblem(
  { rawDpd, outstandingMinor }: { readonly rawDpd: number; readonly outstandingMinor: number },
  { fromDpd }: Pick<WriteOffRule, 'fromDpd'>,
  others: readonly WriteOffFacts[],
): Refusal | null {
  if (others.some(({ state }) => state === 'in-force')) return new Refusal('AlreadyExists', 'it is written off');
  if (others.some(({ state }) => state === 'waiting')) {
    return new Refusal('AlreadyExists', 'a write-off waits for a second person');
  }
  if (outstandingMinor === 0) return new Refusal('EndingInvalid', 'nothing of the loan is unpaid');
  if (rawDpd >= fromDpd) return null;
  return new Refusal('EndingInvalid', `the policy writes off from ${fromDpd} days past due, not ${rawDpd}`);
}

/** The write-off that can be undone. @throws Refusal EndingInvalid where none is in force, or AlreadyExists. */
export function writeOffToUndo<T extends WriteOffFacts>(writeOffs: readonly T[]): T {
  const inForce = writeOffs.find(({ state }) => state === 'in-force');
  if (inForce === undefined) throw new Refusal('EndingInvalid', 'no write-off of the loan is in force');
  if (inForce.undoWaits) throw new Refusal('AlreadyExists', 'its undoing waits for a second person');
  return inForce;
}

/** Money in minor units of the loan's currency. */
export interface WriteOffFigures {
  /** What was owed, due or not, when the day of the write-off began. */
  readonly writtenOffMinor: number;
  /** The sum of the recoveries. */
  readonly recoveredMinor: number;
  /** The claim stays (核销回收): money with a value day from the day of the write-off on, less what was undone. */
  readonly recoveries: readonly Payment[];
}

/**
 * What a write-off on `writeOffDay` took from the books and what came back up to `asOf`, both from the facts as they are
 * known now: money that is booked late, with a value day before the write-off, lowers what was written off instead.
 */
export function writeOffFigures(
  loan: LoanFacts,
  writeOffDay: Day,
  asOf: Day,
  rules: DelinquencyRules,
): WriteOffFigures {
  const { outstandingMinor } = delinquencyAsOf(loan, addDays(writeOffDay, -1), rules);
  const undone = new Set(loan.payments.flatMap(({ reverses }) => (reverses === null ? [] : [reverses])));
  const recoveries = loan.payments.filter(
    ({ kind, id, valueDay }) => kind === 'payment' && valueDay >= writeOffDay && valueDay <= asOf && !undone.has(id),
  );
  return { writtenOffMinor: outstandingMinor, recoveredMinor: netPaidMinor(recoveries, asOf), recoveries };
}

/** The later of two stages of a course; null where neither is given. */
export function laterStage(
  course: readonly { readonly name: string }[],
  a: string | null,
  b: string | null,
): string | null {
  const places = [a, b].filter((name) => name !== null).map((name) => course.findIndex((stage) => stage.name === name));
  return course[Math.max(-1, ...places)]?.name ?? null;
}
