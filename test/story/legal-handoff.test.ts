import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideLegal, proposeLegal } from '../../src/cases/hand-to-legal';
import { caseOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf, workTask } from '../support/collectors';
import { demandArrived } from '../support/legal-file';
import { addBorrower, addLoan, open } from '../support/portfolio';

const li = { name: 'officer-li', roles: ['legal'] };
const wang = { name: 'officer-wang', roles: ['legal'] };

const demand = 'on record: demand-delivered (CN-HANDOFF)';

let service: CaseService;
let loanId: string;

beforeAll(async () => {
  service = await startCaseService();
  loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1 });
  await open(service, loanId);
  // The messages go out by themselves; the collectors have no time.
  await service.forward(90);
});
afterAll(() => service.close());

async function refusals(): Promise<unknown[]> {
  return (await eventsOf(service, loanId, 'legal-refused')).map(({ data }) => data['missing']);
}

async function work(kind: 'call' | 'visit'): Promise<void> {
  const [task] = await openTasksOf(service, loanId, kind);
  if (task === undefined) throw new Error(`there is no ${kind} to make`);
  await workTask(service, task, 'spoken-to');
}

describe('a loan that reaches its last stage without calls and visits on record', () => {
  it('is refused the handoff, and the file names all that is missing', async () => {
    expect(await refusals()).toEqual([['a contact by call', 'visits on record: 0 of 2', demand]]);
    expect(await eventsOf(service, loanId, 'legal-proposed')).toEqual([]);
    expect((await caseOf(service, loanId)).stage).toBe('team');
  });

  it('cannot be proposed by a person either', async () => {
    const refused = proposeLegal(service.desk, loanId, 'long overdue', li);
    await expect(refused).rejects.toMatchObject({
      type: 'LegalPreconditionMissing',
      reason: `a contact by call; visits on record: 0 of 2; ${demand}`,
    });
  });

  it('is not proposed for calls and visits alone while a law asks for a demand that arrived', async () => {
    await work('call');
    await eventually(refusals, (seen) => seen.length === 2);
    await work('visit');
    await eventually(refusals, (seen) => seen.length === 3);
    expect((await refusals()).slice(1)).toEqual([
      ['visits on record: 0 of 2', demand],
      ['visits on record: 1 of 2', demand],
    ]);
    await work('visit');
    await eventually(refusals, (seen) => seen.length === 4);
    expect((await refusals()).at(-1)).toEqual([demand]);
    expect(await eventsOf(service, loanId, 'legal-proposed')).toEqual([]);
  });

  it('is proposed by itself once the demand is shown to have arrived, and not before', async () => {
    await demandArrived(service, loanId);
    await eventually(
      () => eventsOf(service, loanId, 'legal-proposed'),
      (seen) => seen.length === 1,
    );
  });

  it('stays in the house when the second pair of eyes rejects it', async () => {
    await decideLegal(service.desk, loanId, { state: 'rejected', reason: 'the address is not sure' }, wang);
    const waiting = await eventually(
      () => caseOf(service, loanId),
      ({ nextAction }) => nextAction.includes('rejected'),
    );
    expect(waiting.stage).toBe('team');
    await service.forward(5);
    expect(await eventsOf(service, loanId, 'legal-proposed')).toHaveLength(1);
  });

  it('leaves the house when one person proposes it again and another approves', async () => {
    const { desk } = service;
    await proposeLegal(desk, loanId, 'the address was confirmed', li);
    const approval = { state: 'approved', reason: 'now it is sure' } as const;
    await expect(decideLegal(desk, loanId, approval, li)).rejects.toMatchObject({ type: 'FourEyes' });
    await decideLegal(desk, loanId, approval, wang);
    await eventually(
      () => caseOf(service, loanId),
      ({ stage }) => stage === 'legal',
    );
    const decided = await eventsOf(service, loanId, 'legal-approved');
    expect(decided.map(({ actor, reason }) => ({ actor, reason }))).toEqual([
      { actor: 'officer-wang', reason: 'now it is sure' },
    ]);
  });
});
