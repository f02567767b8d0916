import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/ledger/finding';
import { verifyCustomers, verifyLedger } from '../../src/ledger/verify';
import type { Loan } from '../../src/store/loans';
import { attestedTables } from '../../src/store/ledger-rows';
import { databaseBefore } from '../support/rows-of-before';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addEveryRow } from './every-table';

let database: TestDatabase;
let loan: Loan;
beforeAll(async () => {
  database = await createTestDatabase();
  loan = await addEveryRow(database.owner);
  await database.owner.query(
    `insert into purge (customer_id, loan_id, case_no, at, keep_until, rules, actor, removed)
     values ($1, $2, 1, now(), '2026-04-01', '{R}', 'retention', '{}')`,
    [loan.customerId, loan.loanId],
  );
});
afterAll(() => database.drop());

/** What is found while the triggers are off and something was done; afterwards everything is as it was. */
async function findingsAfter(sql: string): Promise<readonly Finding[]> {
  const client = await database.owner.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; set local timezone = 'UTC'`);
    await client.query(sql);
    return (await verifyCustomers(client, [loan.customerId], null)).findings;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Another value of a column by its type. */
const others: Readonly<Record<string, string>> = {
  text: `coalesce(%, '') || 'x'`,
  integer: 'coalesce(%, 0) + 1',
  bigint: 'coalesce(%, 0) + 1',
  boolean: 'not %',
  date: `coalesce(%, '2026-03-09') + 1`,
  'timestamp with time zone': `coalesce(%, '2026-03-09') + interval '1 second'`,
  uuid: 'gen_random_uuid()',
  jsonb: `'{"other": 1}'`,
  ARRAY: `array['x']`,
};

async function columnsOf(table: string): Promise<{ name: string; type: string }[]> {
  const text = `select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = $1 and column_name <> 'seal' and is_generated = 'NEVER' and is_identity = 'NO'`;
  return (await database.pool.query<{ name: string; type: string }>(text, [table])).rows;
}

describe.each(attestedTables.map(({ table, key }) => [table, key] as const))('a single row of %s', (table, key) => {
  it('is there, and sound', async () => {
    expect((await database.pool.query(`select from ${table}`)).rows).toHaveLength(1);
    expect(await findingsAfter('select 1')).toEqual([]);
  });

  it('shows any column of it that somebody edited', async () => {
    const missed: string[] = [];
    for (const { name, type } of await columnsOf(table)) {
      // Checks of single columns are not what is tested here.
      const value = others[type]?.replace('%', name) ?? 'null';
      const checks = await database.owner.query<{ name: string }>(
        `select conname as name from pg_constraint where conrelid = '${table}'::regclass and contype = 'c'`,
      );
      const drop = checks.rows.map((check) => `alter table ${table} drop constraint "${check.name}"`);
      const findings = await findingsAfter([...drop, `update ${table} set ${name} = ${value}`].join(';'));
      const isKey = name === key || ['customer_id', 'loan_id', 'case_no', 'promise_id', 'part_no'].includes(name);
      const found = findings.some((one) => one.table === table && (isKey || one.problem.includes(name)));
      if (!found) missed.push(name);
    }
    expect(missed).toEqual([]);
  });

  it('is missed when it was deleted, and noticed when it was put in', async () => {
    const gone = await findingsAfter(`delete from ${table}`);
    expect(gone).toContainEqual(expect.objectContaining({ table, problem: 'is attested, and not there any more' }));
    const entries = `delete from ledger_entry where payload::jsonb->>'table' = '${table}'`;
    const putIn = await findingsAfter(entries);
    expect(putIn).toContainEqual(expect.objectContaining({ table, problem: 'is there, and no entry attests it' }));
  });
});

describe('in a database that was upgraded', () => {
  it('a column that came later is attested as it was found, and set afterwards it shows', async () => {
    const before = await databaseBefore('whose-opt-out');
    const { customerId, loanId } = before.loan;
    const verify = async (): Promise<Finding[]> => {
      const findings: Finding[] = [];
      await verifyLedger(before.owner, { onFinding: (finding) => findings.push(finding) });
      return findings;
    };
    try {
      await before.owner.query(`
        insert into consent (customer_id, channel, state, source, at) values ('${customerId}', 'sms', 'opted-out', 's', now());
        insert into promise (promise_id, loan_id, case_no, given_day, given_at, source, actor)
          values ('P-1', '${loanId}', 1, '2026-03-05', now(), 'api', 'jane');
        insert into promise_part (promise_id, part_no, due_day, amount_minor) values ('P-1', 1, '2026-03-09', 700)`);
      await before.migrateOn();
      expect(await verify()).toEqual([]);
      await before.owner.query(`begin; set local session_replication_role = replica;
        update consent set party_id = 'G-1'; update promise_part set amount_minor = 7; commit`);
      expect(await verify()).toEqual([
        expect.objectContaining({ table: 'consent', problem: 'party_id attested by no entry' }),
        expect.objectContaining({ table: 'promise_part', problem: 'amount_minor not as attested' }),
      ]);
    } finally {
      await before.drop();
    }
  });
});
