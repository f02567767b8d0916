import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideLegal } from '../../src/cases/hand-to-legal';
import { claimTask } from '../../src/cases/work-task';
import { caseOf, closedCaseOf, contactsOf, datedStoryOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf, workOpenTasks } from '../support/collectors';
import { demandArrived } from '../support/legal-file';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
import { addDays } from '../../src/domain/day';

const officer = { name: 'officer-li', roles: ['legal'] };
const nobodyButThePolicy = { name: 'policy', roles: ['legal'] };
const approval = { state: 'approved', reason: 'the file is complete' } as const;

let service: CaseService;
let loanId: string;
let dueDay: string;

beforeAll(async () => {
  service = await startCaseService();
  const borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  // Collectors look at their list every third day. Nobody ever opens the door or picks up the phone.
  for (let day = 1; day < 90; day += 3) {
    await workOpenTasks(service, loanId, 'no-answer');
    await service.forward(3);
    if (day === 40) await demandArrived(service, loanId);
  }
});
afterAll(() => service.close());

describe('a borrower who never answers', () => {
  it('goes through every stage in its order, each on its day', async () => {
    const stages = (await datedStoryOf(service, loanId, dueDay)).filter((line) => /escalated|legal-/.test(line));
    expect(stages).toEqual(['15: escalated follow-up', '30: escalated team', '90: legal-proposed']);
  });

  it('is contacted on the days of the policy and not once more', async () => {
    const story = await datedStoryOf(service, loanId, dueDay);
    // Whether the second reminder has to wait for a call that was tried again depends on the weekend.
    const secondReminder = story.filter((line) => line.endsWith('reminder/day-11-sms'));
    expect([['11: contact-made reminder/day-11-sms'], ['11: step-skipped reminder/day-11-sms']]).toContainEqual(
      secondReminder,
    );
    const others = story.filter((line) => line.includes('contact-made') && !secondReminder.includes(line));
    expect(others).toEqual([
      '1: contact-made reminder/day-1-sms',
      '4: contact-made reminder/day-4-email',
      '20: contact-made follow-up/day-20-email',
      '30: contact-made team/day-30-sms',
      '60: contact-made team/day-60-email',
      '80: contact-made team/day-80-email',
    ]);
  });

  it('has every contact on record, each call and visit too', async () => {
    const contacts = await contactsOf(service, loanId);
    expect(new Set(contacts.map(({ state }) => state))).toEqual(new Set(['placed']));
    const count = (wanted: string) => contacts.filter(({ channel }) => channel === wanted).length;
    expect(count('email')).toBe(4);
    // Three calls and two visits of the policy, each tried twice more.
    expect(count('call')).toBe(9);
    expect(count('visit')).toBe(6);
    expect(new Set(contacts.map(({ outcome }) => outcome))).toEqual(new Set([null, 'no-answer']));
  });

  it('is handed to legal means by a second person with the role, never by whoever proposed it', async () => {
    const [task] = await openTasksOf(service, loanId, 'approve-legal');
    if (task === undefined) throw new Error('nobody is asked to approve');
    const { desk, gate } = service;
    await expect(claimTask(desk, gate, task.taskId, nobodyButThePolicy)).rejects.toMatchObject({ type: 'FourEyes' });
    await expect(decideLegal(desk, loanId, approval, nobodyButThePolicy)).rejects.toMatchObject({ type: 'FourEyes' });
    const clerk = { name: 'collector-wu', roles: ['collector'] };
    await expect(decideLegal(desk, loanId, approval, clerk)).rejects.toMatchObject({ type: 'Forbidden' });
    expect((await caseOf(service, loanId)).stage).toBe('team');

    await decideLegal(desk, loanId, approval, officer);
    await eventually(
      () => caseOf(service, loanId),
      ({ stage }) => stage === 'legal',
    );
    expect((await eventsOf(service, loanId, 'legal-approved')).map(({ actor }) => actor)).toEqual([officer.name]);
    expect((await eventsOf(service, loanId, 'escalated')).map(({ data }) => data['to'])).toEqual([
      'follow-up',
      'team',
      'legal',
    ]);
    expect(await openTasksOf(service, loanId, 'approve-legal')).toEqual([]);
  });

  it('may still pay: then the case closes', async () => {
    await pay(service, loanId, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});
