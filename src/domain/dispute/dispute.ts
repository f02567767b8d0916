import { Refusal } from '../refusal';

/** What a borrower objects to, a closed list. */
export const disputeReasons = {
  'not-mine': 'Says that the loan is not theirs.',
  'already-paid': 'Says that it was paid; the money was not set against this loan.',
  'wrong-amount': 'Says that the amount is not what was agreed.',
  'wrong-due-day': 'Says that it is not due, or not on that day.',
  fee: 'Objects to a fee or a penalty.',
  interest: 'Objects to interest: its rate or its days.',
  terms: 'Says that the contract, or a part of it, is void or was misdescribed.',
  'not-delivered': 'Says that what the loan paid for was not delivered.',
  other: 'Another reason; the evidence says which.',
} as const;
export type DisputeReason = keyof typeof disputeReasons;

export const disputeReasonCodes = Object.keys(disputeReasons) as readonly DisputeReason[];

export const disputeOutcomes = ['upheld', 'partly', 'rejected'] as const;
export type DisputeOutcome = (typeof disputeOutcomes)[number];

/** @throws Refusal InputInvalid where more is disputed than is unpaid. Minor units. */
export function requireDisputable(amountMinor: number | null, outstandingMinor: number): void {
  if (amountMinor === null || amountMinor <= outstandingMinor) return;
  throw new Refusal('InputInvalid', `only ${outstandingMinor} is unpaid`, 'amountMinor');
}

/**
 * How much of a dispute is upheld, in minor units. `disputedMinor` is null where the whole debt is disputed: then what is
 * unpaid is. In part means some and not all of it; of an outcome that says the amount by itself none may be named.
 * @throws Refusal InputInvalid.
 */
export function upheldMinorOf(
  outcome: DisputeOutcome,
  amountMinor: number | null,
  disputedMinor: number | null,
  outstandingMinor: number,
): number {
  if (outcome !== 'partly') {
    if (amountMinor !== null) throw new Refusal('InputInvalid', 'is for a dispute upheld in part', 'amountMinor');
    return outcome === 'rejected' ? 0 : (disputedMinor ?? outstandingMinor);
  }
  const wholeMinor = disputedMinor ?? outstandingMinor;
  if (amountMinor === null) throw new Refusal('InputInvalid', 'must say how much is upheld', 'amountMinor');
  if (amountMinor >= wholeMinor) {
    throw new Refusal('InputInvalid', `must be less than what is disputed, ${wholeMinor}`, 'amountMinor');
  }
  return amountMinor;
}
