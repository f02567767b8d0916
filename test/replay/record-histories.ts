import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { givePromise } from '../../src/cases/give-promise';
import { decideLegal } from '../../src/cases/hand-to-legal';
import { setFlag } from '../../src/cases/keep-flags';
import { addDays } from '../../src/domain/day';
import { caseOf, closedCaseOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { workOpenTasks } from '../support/collectors';
import { demandArrived } from '../support/legal-file';
import { addBorrower, addLoan, type Borrower, bankToday, type LoanWish, open, pay } from '../support/portfolio';
import { bySignal, pause, restructure, resume, runOf } from '../support/supervisor';
import { historiesFolder, keepHistory } from './history-files';

// Run by `npm run record-histories`, after a change that makes cases act differently. The files are then committed; those
// of releases whose cases may still run are kept beside them under another name.

const officer = { name: 'officer-li', roles: ['legal'] };

let service: CaseService;
let shortRuns: CaseService;

beforeAll(async () => {
  mkdirSync(historiesFolder, { recursive: true });
  service = await startCaseService();
  shortRuns = await startCaseService({ historyEventsMax: 30 });
});
afterAll(async () => {
  await service.close();
  await shortRuns.close();
});

async function openLoan(of: CaseService, wish: Partial<LoanWish> = {}, borrower?: Borrower): Promise<string> {
  const loanId = await addLoan(of, borrower ?? (await addBorrower(of)), { dueDaysAgo: 1, ...wish });
  await open(of, loanId);
  return loanId;
}

async function keep(name: string, of: CaseService, loanId: string): Promise<void> {
  keepHistory(name, await runOf(of, loanId).fetchHistory());
}

describe('recording', () => {
  it('a loan that is paid after the first reminder', async () => {
    const loanId = await openLoan(service);
    await service.forward(2);
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await keep('paid-after-reminder', service, loanId);
  });

  it('a case that is paused by an update and by a signal, resumed and paid', async () => {
    const loanId = await openLoan(service);
    await service.forward(2);
    const today = await bankToday(service);
    await pause(service, loanId, today, addDays(today, 5));
    await service.forward(8);
    const later = await bankToday(service);
    await bySignal.pause(service, loanId, later, null);
    await eventually(
      () => caseOf(service, loanId),
      ({ paused }) => paused,
    );
    await service.forward(10);
    await resume(service, loanId, await bankToday(service));
    await service.forward(6);
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await keep('pause-and-resume', service, loanId);
  });

  it('a case that rests under an arrangement, is breached, made good and completed', async () => {
    const loanId = await openLoan(service);
    await service.forward(3);
    const firstDueDay = addDays(await bankToday(service), 5);
    await restructure(service, loanId, { kind: 'instalments', count: 2, firstDueDay });
    await service.forward(10);
    await pay(service, loanId, { amountMinor: 50_000 });
    await service.forward(2);
    await pay(service, loanId, { amountMinor: 50_000 });
    await closedCaseOf(service, loanId);
    await keep('arrangement', service, loanId);
  });

  it('a borrower in hardship, whose own course comes and goes, and who then keeps a promise', async () => {
    const borrower = await addBorrower(service);
    const loanId = await openLoan(service, {}, borrower);
    await service.forward(4);
    const fromMs = await service.desk.clock.nowMs();
    const days = { fromMs, untilMs: fromMs + 12 * 86_400_000 };
    const about = {
      customerId: borrower.customerId,
      loanId: null,
      partyId: null,
      confirmed: true,
      handler: 'care-lin',
    };
    await setFlag(service.desk, { ...about, ...days, flag: 'hardship', evidence: 'letter', actor: 'ana' });
    await service.forward(16);
    const parts = [{ dueDay: addDays(await bankToday(service), 3), amountMinor: 100_000 }];
    const said = { promiseId: `R-${loanId}`, currency: 'CNY', parts };
    await givePromise(service.desk, loanId, said, { name: 'clerk', roles: ['system'] });
    await service.forward(3);
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await keep('own-course', service, loanId);
  });

  it('a borrower who is written to, called and visited until the loan goes to legal means', async () => {
    const loanId = await openLoan(service);
    for (let day = 1; day < 91; day += 5) {
      await workOpenTasks(service, loanId, 'spoken-to');
      await service.forward(5);
    }
    await demandArrived(service, loanId);
    await eventually(
      () => eventsOf(service, loanId, 'legal-proposed'),
      ({ length }) => length === 1,
    );
    await decideLegal(service.desk, loanId, { state: 'approved', reason: 'the file is complete' }, officer);
    await eventually(
      () => caseOf(service, loanId),
      ({ stage }) => stage === 'legal',
    );
    await keep('legal', service, loanId);
  });

  it('two loans of one borrower: a message of the one covers the other', async () => {
    const borrower = await addBorrower(service);
    const first = await openLoan(service, {}, borrower);
    const second = await openLoan(service, {}, borrower);
    await service.forward(2);
    for (const [name, loanId] of [
      ['covered-1', first],
      ['covered-2', second],
    ] as const) {
      await pay(service, loanId, { amountMinor: 100_000 });
      await closedCaseOf(service, loanId);
      await keep(name, service, loanId);
    }
  });

  it('a case that is continued as new, run after run', async () => {
    const loanId = await openLoan(shortRuns);
    const { workflowId, runId: firstRunId } = await runOf(shortRuns, loanId).describe();
    await shortRuns.forward(14);
    await pay(shortRuns, loanId, { amountMinor: 100_000 });
    await closedCaseOf(shortRuns, loanId);
    let runId: string | null | undefined = firstRunId;
    for (let no = 1; typeof runId === 'string'; no += 1) {
      const history = await shortRuns.desk.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      keepHistory(`continue-as-new-${no}`, history);
      runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    }
  });
});
