import { randomUUID } from 'node:crypto';
import { dataRequestDeadline, type DataRequestKind, type RefusalGround } from '../domain/data-request';
import { Refusal } from '../domain/refusal';
import { delinquencyRules } from '../cases/read-facts';
import { lockCustomer } from '../store/customers';
import { addDataRequest, type DataRequest, decideDataRequest, getDataRequest } from '../store/data-requests';
import { inTransaction, type Queryable } from '../store/database';
import { cancelDeadlineTasks } from '../store/deadlines';
import { listHolds } from '../store/legal-holds';
import { loadLoanFactsOfCustomer } from '../store/loan-facts';
import { openCasesOfCustomer } from '../store/case-lists';
import { closedCasesOf, forgetAnswersAbout, purgeCase, purgeCustomer } from '../store/retention';
import type { Pool } from 'pg';
import { keepingOf, type RecordKeeping, settledDay } from './keep-case';

/** Takes down what a person asks for about their data. The deadline is the earliest of the packs in force. */
export async function receiveDataRequest(
  pool: Pool,
  { policies, policyId, packs }: RecordKeeping,
  asked: { readonly customerId: string; readonly kind: DataRequestKind; readonly receivedAtMs: number },
  takenBy: string,
): Promise<DataRequest> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, asked.customerId);
    const { calendar } = await policies.latest(tx, policyId);
    const receivedDay = calendar.dayOf(asked.receivedAtMs);
    const { dueDay, rule } = dataRequestDeadline(packs, receivedDay, (day, n) => calendar.addWorkdays(day, n));
    const requestId = randomUUID();
    await addDataRequest(tx, { ...asked, requestId, dueDay, rule, takenBy });
    return getDataRequest(tx, asked.customerId, requestId);
  });
}

interface Decision {
  readonly customerId: string;
  readonly requestId: string;
  readonly actor: string;
  readonly note: string | null;
}

/**
 * Answers a request. An erasure is answered by erasing, and only when nothing keeps the record.
 * @throws Refusal RecordHeld while a claim runs, a hold is in force or a retention period has not ended.
 */
export async function answerDataRequest(
  pool: Pool,
  keeping: RecordKeeping,
  { customerId, requestId, actor, note }: Decision,
  nowMs: number,
): Promise<DataRequest> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, customerId);
    const { kind } = await getDataRequest(tx, customerId, requestId);
    const decided = { state: 'answered', ground: null, note, decidedAtMs: nowMs, decidedBy: actor } as const;
    await decideDataRequest(tx, customerId, requestId, decided);
    await cancelDeadlineTasks(tx, customerId, requestId, null);
    if (kind === 'erasure') await erase(tx, keeping, customerId, actor, nowMs);
    return getDataRequest(tx, customerId, requestId);
  });
}

/** Refuses a request for one of the grounds that the law gives. */
export async function refuseDataRequest(
  pool: Pool,
  { customerId, requestId, actor, note }: Decision,
  ground: RefusalGround,
  nowMs: number,
): Promise<DataRequest> {
  const decided = { state: 'refused', ground, note, decidedAtMs: nowMs, decidedBy: actor } as const;
  await decideDataRequest(pool, customerId, requestId, decided);
  await cancelDeadlineTasks(pool, customerId, requestId, null);
  return getDataRequest(pool, customerId, requestId);
}

async function erase(
  tx: Queryable,
  keeping: RecordKeeping,
  customerId: string,
  actor: string,
  nowMs: number,
): Promise<void> {
  const { policy, calendar } = await keeping.policies.latest(tx, keeping.policyId);
  const today = calendar.dayOf(nowMs);
  const loans = await loadLoanFactsOfCustomer(tx, customerId);
  const owes = loans.some((loan) => settledDay(loan, today, delinquencyRules(policy)) === null);
  if (owes || (await openCasesOfCustomer(tx, customerId)).length > 0) {
    throw new Refusal('RecordHeld', 'a claim runs (legal-claims): refuse the request on that ground');
  }
  if ((await listHolds(tx, customerId)).some(({ clearedAtMs }) => clearedAtMs === null)) {
    throw new Refusal('RecordHeld', 'a legal hold is in force (legal-claims): refuse the request on that ground');
  }
  for (const closed of await closedCasesOf(tx, customerId)) {
    const { until, rules } = await keepingOf(tx, keeping, closed, nowMs);
    if (until === null || today <= until) {
      const why = `${rules.join(', ')} until ${until ?? 'further notice'}`;
      throw new Refusal('RecordHeld', `must be kept by ${why} (retention-duty): refuse the request on that ground`);
    }
    await purgeCase(tx, closed, { untilDay: until, rules, atMs: nowMs, actor });
  }
  await forgetAnswersAbout(tx, customerId);
  await purgeCustomer(tx, customerId, { untilDay: today, rules: ['erasure request'], atMs: nowMs, actor });
}
