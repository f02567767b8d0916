import type { BankCalendar } from '../domain/bank-calendar';
import { addDays } from '../domain/day';
import { Refusal } from '../domain/refusal';
import type { RestRules } from '../domain/rest/rest-rules';
import { openCasesOfCustomer } from '../store/case-lists';
import { addFlag, type Ending, type NewFlag } from '../store/contact-facts';
import { runningFlag } from '../store/contact-reach';
import type { Queryable } from '../store/database';
import { endFlagOn } from '../store/flag-days';
import { addCaseTask } from './add-task';
import type { Desk } from './desk';
import { keepFact } from './keep-contact-facts';
import { requireParty } from './require-party';
import { tellCases } from './tell-cases';

/**
 * Writes down what is known of a borrower or a loan, with all that follows from it: which days rest, and who looks at the case.
 * @throws Refusal NotFound for an unknown customer; InputInvalid for a loan of somebody else, a party who is not on record, an
 * end before the start, or where the policy asks for a handler and none is named.
 */
export function setFlag(desk: Desk, flag: NewFlag): Promise<void> {
  const { customerId, actor, loanId, untilMs, fromMs, confirmed, handler } = flag;
  if (untilMs !== null && untilMs <= fromMs) throw new Refusal('InputInvalid', 'must lie after from', 'until');
  const data = { flag: flag.flag, confirmed, untilMs, handler: handler ?? null };
  const note = { customerId, actor, loanId, kind: 'flag-set', reason: flag.flag, data };
  return keepFact(desk, note, (tx, nowMs) => writeFlag(tx, desk, flag, nowMs));
}

/** Ends a flag with the reason; the day on which it ends is free again. */
export function endFlag(desk: Desk, ending: Omit<Ending, 'fact'>): Promise<void> {
  const { customerId, actor, id, reason } = ending;
  const note = { customerId, actor, loanId: null, kind: 'flag-ended', reason, data: { id } };
  return keepFact(desk, note, (tx) => writeFlagEnd(tx, desk, ending));
}

/** The same as `setFlag` inside a transaction that holds the borrower; answers the flag's number. */
export async function writeFlag(
  tx: Queryable,
  desk: Pick<Desk, 'policies' | 'policyId'>,
  flag: NewFlag,
  nowMs: number,
): Promise<number> {
  await requireParty(tx, flag);
  if (flag.flag === 'refused-contact' && flag.partyId === null) {
    // Without one it would close every way to the borrower, who has other words for that.
    const reason = 'names who refused; a borrower who wants no contact is flagged cease or opts out of a way';
    throw new Refusal('InputInvalid', reason, 'partyId');
  }
  // What rests, and who looks after it, are questions about the borrower.
  if (flag.partyId !== null) return addFlag(tx, flag);
  const { policy, calendar } = await desk.policies.latest(tx, desk.policyId);
  const rule = policy.rests.situations[flag.flag];
  if (rule.needsHandler && (flag.handler ?? null) === null) {
    throw new Refusal('InputInvalid', 'the policy asks who looks after the borrower', 'handler');
  }
  const flagId = await addFlag(tx, { ...flag, days: daysOf(flag, calendar) });
  await addReview(tx, desk, flag, flagId, nowMs);
  return flagId;
}

/** Somebody said it, and nothing shows it yet. */
export type HeardFlag = Omit<NewFlag, 'untilMs' | 'confirmed' | 'days' | 'handler'> & {
  readonly handler: string | null;
};

/**
 * Writes down, unconfirmed, what was heard; a flag that runs already says it. Inside a transaction that holds the borrower.
 * Answers the loans whose cases were told.
 */
export async function hearFlag(
  tx: Queryable,
  desk: Pick<Desk, 'policies' | 'policyId'>,
  heard: HeardFlag,
  nowMs: number,
): Promise<readonly string[]> {
  const { customerId, loanId, partyId, flag, actor, handler } = heard;
  if ((await runningFlag(tx, customerId, flag, loanId, partyId)) !== null) return [];
  const state = { untilMs: null, confirmed: false };
  await writeFlag(tx, desk, { ...heard, ...state }, nowMs);
  const data = { flag, ...(partyId !== null && { partyId }), ...state, handler };
  return tellCases(tx, customerId, loanId, { atMs: nowMs, kind: 'flag-set', actor, reason: flag, data });
}

export async function writeFlagEnd(
  tx: Queryable,
  { policies, policyId }: Pick<Desk, 'policies' | 'policyId'>,
  ending: Omit<Ending, 'fact'>,
): Promise<string> {
  const { calendar } = await policies.latest(tx, policyId);
  return endFlagOn(tx, ending, calendar.dayOf(ending.atMs));
}

/** Each day that the flag touches rests: a moratorium is kept from its first day to its last. */
function daysOf({ fromMs, untilMs }: NewFlag, calendar: Pick<BankCalendar, 'dayOf'>): NonNullable<NewFlag['days']> {
  const untilDay = untilMs === null ? null : addDays(calendar.dayOf(untilMs - 1), 1);
  return { fromDay: calendar.dayOf(fromMs), untilDay };
}

/** The look at the case that the flag calls for: one, however many cases of the borrower are open. */
async function addReview(
  tx: Queryable,
  { policies }: Pick<Desk, 'policies'>,
  { flag, customerId, loanId }: NewFlag,
  flagId: number,
  nowMs: number,
): Promise<void> {
  const cases = await openCasesOfCustomer(tx, customerId);
  const caseRow = cases.find((one) => loanId === null || one.loanId === loanId);
  if (caseRow === undefined) return;
  const { policy, calendar } = await policies.pinned(tx, caseRow.policyId, caseRow.policyVersion);
  const situations: RestRules['situations'] = policy.rests.situations;
  const { review: within } = situations[flag];
  if (within === undefined) return;
  const taskKey = `${caseRow.loanId}/${caseRow.caseNo}/flag/${flagId}`;
  const reason = `on record: ${flag}`;
  const wanted = { taskKey, kind: 'review', asks: [], within, attempt: 1, reason, notBeforeMs: nowMs } as const;
  await addCaseTask(tx, { caseRow, calendar }, wanted, nowMs);
}
