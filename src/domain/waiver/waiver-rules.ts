import { addDays, type Day } from '../day';
import { type Amounts, totalMinor } from '../loan';
import { Refusal } from '../refusal';

/** Who gives up what, by policy. */
export interface WaiverRules {
  /** A waiver of more than this, all components together, waits for a second person; minor units. */
  readonly approvalOverMinor: number;
  /** The role of that person. */
  readonly approval: string;
  /** How far its last day to pay may lie ahead. */
  readonly payWithinDaysMax: number;
}

/** What is asked for: amounts of penalty, fee and interest, and a last day to pay the rest, if there is to be one. */
export interface AskedWaiver {
  readonly amounts: Amounts;
  readonly payBy: Day | null;
}

/**
 * Why a waiver cannot be, or null when it can. `unpaid` is what is unpaid on `today`: nobody gives up what is not owed.
 * Principal is given up by a settlement, which is agreed with the borrower, and not by a waiver.
 */
export function waiverProblem(
  { amounts, payBy }: AskedWaiver,
  unpaid: Amounts,
  today: Day,
  rules: WaiverRules,
): Refusal | null {
  if (totalMinor(amounts) === 0) return refuse('gives up nothing', 'amounts');
  for (const component of ['penalty', 'fee', 'interest'] as const) {
    if (amounts[component] > unpaid[component]) {
      return refuse(`only ${unpaid[component]} of it are unpaid`, `amounts.${component}Minor`);
    }
  }
  if (payBy === null) return null;
  if (payBy < today) return refuse(`must not lie before today, ${today}`, 'payBy');
  const last = addDays(today, rules.payWithinDaysMax);
  return payBy > last ? refuse(`must not lie after ${last}`, 'payBy') : null;
}

export function needsApproval({ amounts }: AskedWaiver, { approvalOverMinor }: WaiverRules): boolean {
  return totalMinor(amounts) > approvalOverMinor;
}

function refuse(reason: string, field: string): Refusal {
  return new Refusal('WaiverInvalid', reason, field);
}
