import type { BankCalendar } from '../domain/bank-calendar';
import { currentArrangement, judgeArrangements } from '../domain/arrangement/lifecycle';
import type { ArrangementRules, ArrangementState, JudgedArrangement } from '../domain/arrangement/state';
import type { CaseFacts } from '../domain/case';
import { addDays, type Day } from '../domain/day';
import type { Policy } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { listArrangements, type StoredArrangement } from '../store/arrangements';
import { getLatestCase } from '../store/cases';
import { addFlag, openFlagsSetBy } from '../store/contact-facts';
import type { Queryable } from '../store/database';
import { endFlagOn } from '../store/flag-days';
import { loadLoanFacts, type StoredLoanFacts } from '../store/loan-facts';
import { recordEvent } from '../store/timeline';
import { policyActor } from './actor';
import type { Desk } from './desk';
import { accountRules } from './account-rules';
import type { CaseReading } from './read-facts';

/** An arrangement with what was agreed on and how it stands. */
export type WatchedArrangement = StoredArrangement & JudgedArrangement;

export function arrangementRules(policy: Policy): ArrangementRules {
  const { kept, observationMonths } = policy.arrangements;
  return { ...accountRules(policy), kept, observationMonths };
}

export async function watchArrangements(
  db: Queryable,
  loan: StoredLoanFacts,
  policy: Policy,
  today: Day,
): Promise<readonly WatchedArrangement[]> {
  return judgeArrangements(loan, await listArrangements(db, loan.loanId), today, arrangementRules(policy));
}

/** Those of a loan as of a day, whether its case is open or not. @throws Refusal NotFound. */
export async function readArrangements(
  { pool, policies, policyId }: Desk,
  loanId: string,
  today: Day,
): Promise<readonly WatchedArrangement[]> {
  const [loan, latest] = [await loadLoanFacts(pool, loanId), await getLatestCase(pool, loanId)];
  if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const { policy } =
    latest === null
      ? await policies.latest(pool, policyId)
      : await policies.pinned(pool, latest.policyId, latest.policyVersion);
  return watchArrangements(pool, loan, policy, today);
}

/**
 * What an arrangement means for the case. While it is kept the case rests, and does not close before it is completed:
 * somebody has to see whether the next instalment comes. Breached, the case goes on, and looks again when it is broken.
 */
export function restOf(
  arrangements: readonly WatchedArrangement[],
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
): Pick<CaseFacts, 'hold' | 'nextLookAtMs'> & { readonly kept: boolean } {
  const current = currentArrangement(arrangements);
  if (current?.lastDay == null) return { hold: null, kept: false };
  const afterMs = calendar.startOfDayMs(addDays(current.lastDay, 1));
  if (current.state === 'breached') return { hold: null, kept: false, nextLookAtMs: afterMs };
  return { hold: { untilMs: afterMs, reason: `an arrangement is kept, until ${current.lastDay}` }, kept: true };
}

/** Only these come about by themselves; the others are deeds, told by whoever does them. */
const told: Readonly<Partial<Record<ArrangementState, string>>> = {
  breached: 'something of it was not paid in time',
  broken: 'it was not made good in time',
  completed: 'all of it is paid',
  expired: 'it was not paid in full in time',
};

/**
 * Tells on the timeline what became of the arrangements, each change once, and keeps the flag that stops contacts in step:
 * set while one is kept, ended when it is not.
 */
export async function noteArrangements(tx: Queryable, reading: CaseReading, nowMs: number): Promise<void> {
  const { arrangements, caseRow, calendar } = reading;
  const { loanId, caseNo } = caseRow;
  const openedDay = calendar.dayOf(caseRow.openedAtMs);
  for (const { arrangementId, kind, history, caseNo: agreedIn } of arrangements) {
    for (const [index, { state, since }] of history.entries()) {
      // An earlier case has told what was before.
      if (agreedIn !== caseNo && since < openedDay) continue;
      const cured = state === 'active' && index > 0;
      const reason = cured ? 'it was made good in time' : told[state];
      if (reason === undefined) continue;
      const event = { loanId, caseNo, atMs: nowMs, actor: policyActor, reason, data: { arrangementId, kind, since } };
      const what = cured ? 'cured' : state;
      await recordEvent(tx, {
        ...event,
        kind: `arrangement-${what}`,
        eventKey: `arrangement/${arrangementId}/${what}/${since}`,
      });
    }
  }
  await keepFlag(tx, reading, nowMs);
}

async function keepFlag(tx: Queryable, { arrangements, caseRow, today }: CaseReading, nowMs: number): Promise<void> {
  if (arrangements.length === 0) return;
  const { customerId, loanId } = caseRow;
  const active = arrangements.findLast(({ state }) => state === 'active');
  const about = { customerId, loanId, flag: 'plan-active', actor: policyActor } as const;
  const open = await openFlagsSetBy(tx, about);
  if (active === undefined) {
    for (const id of open) {
      const ending = { id, customerId, atMs: nowMs, actor: policyActor };
      await endFlagOn(tx, { ...ending, reason: 'no arrangement is kept any more' }, today);
    }
  } else if (open.length === 0) {
    const evidence = `arrangement ${active.arrangementId}`;
    const flag = { ...about, partyId: null, fromMs: nowMs, untilMs: null, confirmed: true, evidence };
    await addFlag(tx, { ...flag, days: { fromDay: today, untilDay: null } });
  }
}
