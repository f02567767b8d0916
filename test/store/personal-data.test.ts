import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimContact } from '../../src/store/contacts';
import { personalDataOf, personalTables } from '../../src/store/personal-data';
import { addRecording } from '../../src/store/recordings';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, openedAtMs, sampleContact } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Of these a person is told nothing, and why. */
const leftOut: Readonly<Record<string, string>> = {
  schedule: 'the contract, which the borrower has',
  instalment: 'the contract, which the borrower has',
  bulk_pause_loan: 'what of it concerns the person is a pause',
  inbound_message_customer: 'the messages themselves are handed over',
  purge: 'counts of rows that are gone',
  ledger_entry: 'hashes of rows that are handed over',
  ledger_leaf: 'hashes of rows that are handed over',
};

describe('what is known of a person', () => {
  it('is everything: each table about a person or a loan is handed over, or left out by name', async () => {
    const { rows } = await database.owner.query<{ name: string }>(
      `select distinct c.table_name as name from information_schema.columns c join pg_tables t on t.tablename = c.table_name
       where c.table_schema = 'public' and t.schemaname = 'public' and c.column_name in ('customer_id', 'loan_id')`,
    );
    const handedOver = new Set(Object.values(personalTables));
    const forgotten = rows.map(({ name }) => name).filter((name) => !handedOver.has(name) && !(name in leftOut));
    expect(forgotten).toEqual([]);
  });

  it('says that a call was recorded, and gives nobody the link to listen to it', async () => {
    const { pool } = database;
    const loan = await addOpenCase(pool);
    const { contact } = await claimContact(
      pool,
      sampleContact(loan, { channel: 'call', body: null, contentHash: null }),
    );
    await addRecording(pool, {
      ...{ recordingId: randomUUID(), contactId: contact.contactId, providerId: 'RE1', durationSeconds: 61 },
      ...{ url: 'https://provider.example.com/RE1', madeAtMs: openedAtMs, retainUntilMs: null },
    });
    const known = await personalDataOf(pool, loan.customerId);
    expect(known['recordings']).toMatchObject([{ durationSeconds: 61 }]);
    expect(JSON.stringify(known)).not.toContain('provider.example.com');
  });
});
