import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { claimTask } from '../../src/cases/work-task';
import { listTasks } from '../../src/store/task-lists';
import { closedCaseOf, contactsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, open, pay } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

it('a call that was claimed and not made gives its slot back when the borrower pays and the case closes', async () => {
  const { desk, gate } = service;
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 6 });
  await open(service, loanId);
  await service.forward(1);
  const task = (await listTasks(desk.pool, { loanId }, null, 10)).items.find(({ kind }) => kind === 'call');
  const { contact } = await claimTask(desk, gate, task?.taskId ?? '', { name: 'ana', roles: ['collector'] });
  expect(contact?.state).toBe('reserved');
  await pay(service, loanId, { amountMinor: 100_000 });
  await closedCaseOf(service, loanId);
  const calls = (await contactsOf(service, loanId)).filter(({ channel }) => channel === 'call');
  expect(calls).toMatchObject([{ state: 'released', outcome: 'the case was closed and its task cancelled' }]);
});
