import { correctedFrom, type CorrectedStep, stepsOnCorrectedFacts } from '../domain/corrected-steps';
import type { Day } from '../domain/day';
import { delinquencyAsOf } from '../domain/delinquency';
import type { StoredCase } from '../store/case-row';
import { getLatestCase } from '../store/cases';
import type { Queryable } from '../store/database';
import { loadLoanFacts } from '../store/loan-facts';
import { paymentRecordings, type PostedPayment } from '../store/payments';
import { recordEvent, takenStepsSince } from '../store/timeline';
import { listWriteOffs } from '../store/write-offs';
import type { PublishedPolicies } from './published-policies';
import { delinquencyRules } from './read-facts';

type ToldPayment = Omit<PostedPayment, 'bookedDay' | 'receiptId'>;

interface Telling {
  readonly actor: string;
  readonly nowMs: number;
  /** Why, where there is more to say than the payments themselves do. */
  readonly why?: string;
}

/**
 * Writes payments, and what undoes them, into the timeline of their loan's latest case, each once; and where they change
 * how the loan stood on a day that is past, which steps were taken on facts since corrected, or on facts that hold again.
 */
export async function tellPayments(
  tx: Queryable,
  policies: PublishedPolicies,
  loanId: string,
  payments: readonly ToldPayment[],
  { actor, nowMs, why }: Telling,
): Promise<void> {
  const latest = await getLatestCase(tx, loanId);
  if (latest === null) return;
  const recovers = await recoveryOf(tx, policies, latest);
  const learnt = new Set<string>();
  for (const payment of payments) {
    const { paymentId, kind, amountMinor, valueDay, reverses } = payment;
    const said = reverses === null ? `value day ${valueDay}` : `${kind} of ${reverses}`;
    const isNew = await recordEvent(tx, {
      ...{ loanId, caseNo: latest.caseNo, atMs: nowMs, actor, eventKey: `payment/${paymentId}` },
      kind: `${recovers(payment) ? 'recovery' : 'payment'}-${kind === 'payment' ? 'posted' : 'reversed'}`,
      reason: why === undefined ? said : `${said}: ${why}`,
      data: { paymentId, kind, amountMinor, valueDay, reverses },
    });
    if (isNew) learnt.add(paymentId);
  }
  if (learnt.size > 0) await tellCorrected(tx, policies, latest, learnt, nowMs);
}

/** Which payments, and what undoes them, are of money that came back after the loan was written off. */
async function recoveryOf(
  tx: Queryable,
  policies: PublishedPolicies,
  { loanId, policyId, policyVersion }: StoredCase,
): Promise<(payment: ToldPayment) => boolean> {
  const inForce = (await listWriteOffs(tx, loanId)).find(({ state }) => state === 'in-force');
  if (inForce?.decidedAtMs == null) return () => false;
  const { calendar } = await policies.pinned(tx, policyId, policyVersion);
  const writeOffDay = calendar.dayOf(inForce.decidedAtMs);
  const { payments = [] } = (await loadLoanFacts(tx, loanId)) ?? {};
  const valueDays = new Map(payments.map(({ id, valueDay }) => [id, valueDay]));
  return ({ valueDay, reverses }) => {
    const cameOn = reverses === null ? valueDay : valueDays.get(reverses);
    return cameOn !== undefined && cameOn >= writeOffDay;
  };
}

async function tellCorrected(
  tx: Queryable,
  policies: PublishedPolicies,
  { loanId, caseNo, policyId, policyVersion }: StoredCase,
  learnt: ReadonlySet<string>,
  nowMs: number,
): Promise<void> {
  const { policy, calendar } = await policies.pinned(tx, policyId, policyVersion);
  const after = await loadLoanFacts(tx, loanId);
  const fromDay = after === null ? null : correctedFrom(after.payments, learnt);
  if (after === null || fromDay === null || fromDay >= calendar.dayOf(nowMs)) return;
  const without = (isKnown: (paymentId: string) => boolean) => {
    const facts = { ...after, payments: after.payments.filter(({ id }) => isKnown(id)) };
    return (day: Day) => delinquencyAsOf(facts, day, delinquencyRules(policy));
  };
  const recordings = await paymentRecordings(tx, loanId);
  const taken = await takenStepsSince(tx, loanId, calendar.startOfDayMs(fromDay));
  const steps = stepsOnCorrectedFacts(
    taken.map(({ atMs, ...deed }) => ({ ...deed, day: calendar.dayOf(atMs) })),
    {
      then: ({ day, recordedAtMs }) => without((id) => (recordings.get(id) ?? Infinity) <= recordedAtMs)(day),
      before: without((id) => !learnt.has(id)),
      after: without(() => true),
    },
  );
  if (steps.length === 0) return;
  const paymentIds = [...learnt];
  await recordEvent(tx, {
    ...{ loanId, caseNo, atMs: nowMs, kind: 'facts-corrected', actor: 'arrears' },
    reason: `${sentenceOf(steps)}; learnt: ${paymentIds.join(', ')}`,
    data: { fromDay, paymentIds, steps },
    eventKey: `facts-corrected/${paymentIds.join('+')}`,
  });
}

function sentenceOf(steps: readonly CorrectedStep[]): string {
  const named = (wanted: boolean, end: string): string[] => {
    const names = steps.filter(({ holdsAgain }) => holdsAgain === wanted).map(({ step, day }) => `${step} of ${day}`);
    return names.length === 0 ? [] : [`${names.join(', ')}: taken on facts ${end}`];
  };
  return [...named(false, 'since corrected'), ...named(true, 'that hold again')].join('; ');
}
