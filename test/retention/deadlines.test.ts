import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { type HashedPack, readPacks } from '../../src/policy/contact-pack';
import { keepRecords } from '../../src/retention/daily';
import { answerDataRequest, receiveDataRequest } from '../../src/retention/data-requests';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { claimContact } from '../../src/store/contacts';
import { closeCase, openCase } from '../../src/store/cases';
import { addMilestone } from '../../src/store/contact-facts';
import { deadlineCounts } from '../../src/store/deadlines';
import { listTasks } from '../../src/store/task-lists';
import type { Task } from '../../src/store/task-row';
import { cancelOpenTasks, claimTask, completeTask } from '../../src/store/tasks';
import { listEvents } from '../../src/store/timeline';
import { sampleContact } from '../store/samples';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, type Borrower, bankToday, pay } from '../support/portfolio';

let service: CaseService;
let keeping: RecordKeeping;
let today: Day;
beforeAll(async () => {
  service = await startCaseService({ worker: 'none' });
  const { policies, policyId } = service.desk;
  keeping = { policies, policyId, packs: service.gate.inForce.packs };
  today = await bankToday(service);
});
afterAll(() => service.close());

const noonOf = (day: Day): number => Date.parse(`${day}T12:00:00+08:00`);
const daily = async (day: Day, packs: readonly HashedPack[] = keeping.packs): Promise<number> =>
  (await keepRecords(service.desk.pool, { ...keeping, packs }, null, noonOf(day)))?.deadlines.tasks ?? -1;

async function openLoan(dueDaysAgo: number): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo });
  const { pool, policies, policyId } = service.desk;
  const { policy } = await policies.latest(pool, policyId);
  const opening = { loanId, policyId, policyVersion: policy.version, openedAtMs: noonOf(today), assignee: null };
  await openCase(pool, { ...opening, openedDpd: dueDaysAgo, effectiveDpd: dueDaysAgo, overdueMinor: 1, stage: 'team' });
  return { borrower, loanId };
}

async function tasksOf(loanId: string, asks: string): Promise<Task[]> {
  return (await listTasks(service.desk.pool, { loanId, asks }, null, 50)).items;
}
const shown = (tasks: readonly Task[]): string[] =>
  tasks.map(({ taskKey, state }) => `${taskKey.split('/').at(-1) ?? ''} ${state}`).sort();

describe('the limitation of a claim', () => {
  it('puts one task before the legal desk at each of the days that the rule names, and one when it is over', async () => {
    const { loanId } = await openLoan(800);
    const lastDay = addDays(today, -800);
    const end = `${Number(lastDay.slice(0, 4)) + 3}${lastDay.slice(4)}`;
    await daily(addDays(end, -181));
    expect(await tasksOf(loanId, 'limitation')).toEqual([]);
    for (let again = 0; again < 3; again += 1) await daily(addDays(end, -180));
    const [task, ...more] = await tasksOf(loanId, 'limitation');
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      kind: 'review',
      state: 'open',
      assignee: null,
      asks: ['limitation', 'CN-LIMITATION'],
    });
    expect(task?.dueAtMs).toBe(Date.parse(`${addDays(end, 1)}T00:00:00+08:00`));
    const { items } = await listEvents(service.desk.pool, loanId, null, 50);
    expect(items.find(({ kind }) => kind === 'task-created')?.reason).toBe(
      `the claim can be brought until ${end} (CN-LIMITATION)`,
    );
    await daily(addDays(end, -90));
    await daily(addDays(end, -31));
    await daily(addDays(end, 1));
    await daily(addDays(end, 2));
    expect(shown(await tasksOf(loanId, 'limitation'))).toEqual(['180 cancelled', '90 cancelled', 'missed open']);
  });

  it('takes its task back when it runs anew: a demand that arrived, a part that was paid', async () => {
    const { loanId, borrower } = await openLoan(1_000);
    await daily(today);
    expect(shown(await tasksOf(loanId, 'limitation'))).toEqual(['180 open']);
    const known = { customerId: borrower.customerId, loanId, evidence: 'receipt of the post', actor: 'post-desk' };
    await addMilestone(service.desk.pool, { ...known, event: 'demand-delivered', atMs: noonOf(today) });
    await daily(today);
    expect(shown(await tasksOf(loanId, 'limitation'))).toEqual(['180 cancelled']);

    const other = await openLoan(1_000);
    await daily(today);
    await pay(service, other.loanId, { amountMinor: 100, notify: false });
    await daily(today);
    expect(shown(await tasksOf(other.loanId, 'limitation'))).toEqual(['180 cancelled']);
  });

  it('is not brought up again once somebody has looked at it, until the next of its days', async () => {
    const { loanId } = await openLoan(1_050);
    await daily(today);
    const [task] = await tasksOf(loanId, 'limitation');
    const deed = { taskId: task?.taskId ?? '', actor: 'officer-li', atMs: noonOf(today) };
    await claimTask(service.desk.pool, deed);
    const nothing = { cause: null, willingness: null, note: null, offered: [], contactId: null };
    const noPromise = { promisedDay: null, promisedMinor: null };
    await completeTask(service.desk.pool, { ...deed, ...nothing, ...noPromise, outcome: 'reviewed' });
    await daily(addDays(today, 1));
    expect(shown(await tasksOf(loanId, 'limitation'))).toEqual(['90 completed']);
  });
});

describe('a request about one’s data', () => {
  async function asked(receivedDaysAgo: number) {
    const { borrower, loanId } = await openLoan(5);
    const { customerId } = borrower;
    const receivedAtMs = noonOf(addDays(today, -receivedDaysAgo));
    const request = { customerId, kind: 'access', receivedAtMs } as const;
    const { requestId } = await receiveDataRequest(service.desk.pool, keeping, request, 'leo');
    return { customerId, loanId, requestId };
  }

  it('is put before people a week ahead and when its day was missed, and no more once it is answered', async () => {
    const { customerId, loanId, requestId } = await asked(22);
    await daily(today);
    expect(await tasksOf(loanId, 'data-request')).toEqual([]);
    await daily(addDays(today, 1));
    await daily(addDays(today, 1));
    expect(shown(await tasksOf(loanId, 'data-request'))).toEqual(['7 open']);
    await daily(addDays(today, 9));
    expect(shown(await tasksOf(loanId, 'data-request'))).toEqual(['7 cancelled', 'missed open']);
    const answer = { customerId, requestId, actor: 'leo', note: null };
    await answerDataRequest(service.desk.pool, keeping, answer, noonOf(addDays(today, 9)));
    expect(shown(await tasksOf(loanId, 'data-request'))).toEqual(['7 cancelled', 'missed cancelled']);
    await daily(addDays(today, 10));
    expect(shown(await tasksOf(loanId, 'data-request'))).toEqual(['7 cancelled', 'missed cancelled']);
  });

  it('stays before people when the case is closed meanwhile', async () => {
    const { loanId } = await asked(28);
    await daily(today);
    await closeCase(service.desk.pool, loanId, 1, { closedAtMs: noonOf(today), reason: 'withdrawn' });
    await cancelOpenTasks(service.desk.pool, loanId, 1);
    expect(shown(await tasksOf(loanId, 'data-request'))).toEqual(['7 open']);
  });
});

describe('the validation notice of Regulation F', () => {
  it('is asked for from the first communication on, is missed on the sixth day, and is done once it is on record', async () => {
    const packs = [...keeping.packs, ...(await readPacks('policies/packs')).filter(({ id }) => id === 'us-regf')];
    const { borrower, loanId } = await openLoan(5);
    const { customerId } = borrower;
    await daily(today, packs);
    expect(await tasksOf(loanId, 'validation-notice')).toEqual([]);
    const loan = { loanId, customerId } as never;
    const contact = sampleContact(loan, { contactKey: randomUUID(), state: 'placed', atMs: noonOf(today) });
    await claimContact(service.desk.pool, contact);
    await daily(today, packs);
    const [task] = await tasksOf(loanId, 'validation-notice');
    expect(task).toMatchObject({ state: 'open', asks: ['validation-notice', 'US-REGF-VALID-5D'] });
    await daily(addDays(today, 6), packs);
    expect(shown(await tasksOf(loanId, 'validation-notice'))).toEqual(['7 cancelled', 'missed open']);
    const counts = await deadlineCounts(service.desk.pool, noonOf(addDays(today, 6)), addDays(today, 6));
    expect(counts).toContainEqual({ kind: 'validation-notice', missed: true, count: 1 });
    const known = { customerId, loanId, evidence: 'letter 12', actor: 'post-desk' };
    await addMilestone(service.desk.pool, { ...known, event: 'validation-notice', atMs: noonOf(addDays(today, 6)) });
    await daily(addDays(today, 6), packs);
    expect(shown(await tasksOf(loanId, 'validation-notice'))).toEqual(['7 cancelled', 'missed cancelled']);
  });
});
