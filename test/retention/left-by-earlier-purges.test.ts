import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimContact } from '../../src/store/contacts';
import { sampleContact } from '../store/samples';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';

let database: DatabaseOfBefore;

beforeAll(async () => {
  database = await databaseBefore('purge-with-the-last-case');
});
afterAll(() => database.drop());

async function addTask(): Promise<string> {
  const { owner, loan } = database;
  const taskId = randomUUID();
  await owner.query(
    `insert into task (task_id, task_key, loan_id, case_no, customer_id, kind, stage, not_before, due_at, state, outcome, cause,
       willingness, promised_on, promised_minor)
     values ($1::uuid, $1::text, $2, 1, $3, 'call', 'reminder', now(), now(), 'completed', 'promised', 'illness', 'partial', now(), 100)`,
    [taskId, loan.loanId, loan.customerId],
  );
  return taskId;
}

describe('what earlier purges left', () => {
  it('goes with the migration: causes and promises of tasks, the hash of what was reported', async () => {
    const { owner, loan } = database;
    const taskId = await addTask();
    const contactId = randomUUID();
    await claimContact(owner, sampleContact(loan, { contactId }));
    await owner.query(
      `insert into reported_contact (contact_id, report_id, content_hash, broken_rules, reported_by, reported_at)
       values ($1, 'R-1', 'a hash', '{}', 'jane', now())`,
      [contactId],
    );
    await owner.query(`update loan_case set status = 'closed', closed_at = now() where loan_id = $1`, [loan.loanId]);
    await owner.query(`select purge_case($1, 1, current_date, '{}', now(), 'retention')`, [loan.loanId]);

    await database.migrateOn();
    const { rows } = await owner.query(
      `select cause, willingness, promised_on, promised_minor, outcome,
         (select content_hash from reported_contact) as reported from task where task_id = $1`,
      [taskId],
    );
    const nothing = { cause: null, willingness: null, promised_on: null, promised_minor: null };
    expect(rows).toEqual([{ ...nothing, outcome: 'promised', reported: '' }]);
  });
});
