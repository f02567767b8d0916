import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/ledger/finding';
import { verifyLedger } from '../../src/ledger/verify';
import { closeCase } from '../../src/store/cases';
import type { Loan } from '../../src/store/loans';
import { purgeCase, purgeCustomer } from '../../src/store/retention';
import { openedAtMs } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addEveryRow } from './every-table';

let database: TestDatabase;
let loan: Loan;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  loan = await addEveryRow(database.owner);
});

/** What is wrong with the borrower of this test. */
async function verify(): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
  return findings.filter(({ chain }) => chain?.customerId === loan.customerId);
}

const ofRow = (table: string): string =>
  ['contact', 'case_event', 'contact_decision', 'cause'].includes(table)
    ? `loan_id = '${loan.loanId}'`
    : `customer_id = '${loan.customerId}'`;

const asPurge = (sql: string): string => `begin; set local arrears.purging = 'on'; ${sql}; commit`;

async function purgeAll(): Promise<void> {
  const { customerId, loanId } = loan;
  await closeCase(database.pool, loanId, 1, { closedAtMs: openedAtMs, reason: 'arrears-cleared' });
  const purging = { untilDay: '2026-03-20', rules: ['R'], atMs: Date.parse('2026-03-21T01:00Z'), actor: 'retention' };
  await purgeCase(database.pool, { loanId, caseNo: 1 }, purging);
  await purgeCustomer(database.pool, customerId, purging);
}

const abuses = [
  ['contact', `update contact set body = 'You owe nothing.', content_hash = 'h2'`, 'body, content_hash'],
  ['contact', `update contact set body = 'You owe nothing.', content_hash = 'h2', seal = null`, 'body'],
  ['consent', `update consent set state = 'opted-in'`, 'state'],
  ['consent', `update consent set source = 'a form', seal = null`, 'source'],
  ['case_event', `update case_event set actor = 'nobody', reason = '', data = '{}', seal = null`, 'actor'],
  ['cause', `update cause set code = 'job-loss', seal = null`, 'code'],
  ['contact_decision', `update contact_decision set evidence = '{"to": "nobody"}', seal = null`, 'evidence'],
] as const;

describe('an owner who says that a row was purged', () => {
  it.each(abuses)('and wrote something else into %s is found: %s', async (table, sql, columns) => {
    await database.owner.query(asPurge(`${sql} where ${ofRow(table)}`));
    expect(await verify()).toEqual([
      expect.objectContaining({
        table,
        problem: expect.stringMatching(new RegExp(`${columns}.* changed as if it was purged`)),
      }),
    ]);
  });

  it.each(abuses)('is found also where %s was purged indeed: %s', async (table, sql, columns) => {
    await database.owner.query(asPurge(`${sql} where ${ofRow(table)}`));
    await purgeAll();
    expect(await verify()).toEqual([
      expect.objectContaining({
        table,
        problem: expect.stringMatching(new RegExp(`${columns}.* changed as if it was purged`)),
      }),
    ]);
  });

  it('and took its words away with no purge on record is found', async () => {
    await database.owner.query(asPurge(`update consent set source = '', seal = null where ${ofRow('consent')}`));
    await database.owner.query(
      asPurge(`update case_event set reason = '', data = '{}', seal = null where ${ofRow('case_event')}`),
    );
    const problem = 'is purged, and no purge of it is on record';
    expect(await verify()).toEqual([
      expect.objectContaining({ table: 'case_event', seq: expect.any(Number), problem }),
      expect.objectContaining({ table: 'consent', problem }),
    ]);
  });

  it('and deleted the record of the purge is found by each row of it', async () => {
    await purgeAll();
    await database.owner.query(
      `begin; set local session_replication_role = replica; delete from purge where ${ofRow('purge')}; commit`,
    );
    const tables = (await verify()).filter(({ problem }) => /no purge of it is on record/.test(problem));
    expect(new Set(tables.map(({ table }) => table))).toEqual(
      new Set([
        ...['contact', 'case_event', 'contact_decision', 'cause', 'arrangement'],
        ...['consent', 'contact_grant', 'contact_flag', 'inconvenient_time', 'contact_milestone'],
        ...['legal_hold', 'data_request'],
      ]),
    );
  });
});

describe('the role of the service', () => {
  it.each(abuses.map(([table, sql]) => [table, sql] as const))(
    'may not say that it purges %s: %s',
    async (table, sql) => {
      for (const one of [sql, `update ${table} set seal = null`]) {
        const client = await database.pool.connect();
        try {
          await client.query(`begin; set local arrears.purging = 'on'`);
          await expect(client.query(`${one} where ${ofRow(table)}`)).rejects.toThrow(
            /permission|only the purge|append-only|never|stays/,
          );
        } finally {
          await client.query('rollback');
          client.release();
        }
      }
      expect(await verify()).toEqual([]);
    },
  );

  it('may not change the state of a contact as if it was purged, or end a hold so', async () => {
    for (const sql of [`update contact set state = 'failed'`, `update legal_hold set cleared_by = 'x'`]) {
      const purging = database.pool.query(asPurge(sql));
      await expect(purging).rejects.toThrow(/only the purge itself/);
    }
  });

  it.each([
    ['consent', `state = 'opted-in'`],
    ['consent', 'seal = null'],
    ['contact_milestone', `event = 'statement-sent'`],
    ['contact_grant', `kind = 'other'`],
    ['contact_flag', `flag = 'vulnerable'`],
    ['contact_flag', `from_day = '2026-01-01'`],
    ['inconvenient_time', `start_time = '13:00'`],
    ['legal_hold', `reason = 'none'`],
    ['data_request', `due_on = '2030-01-01'`],
  ])('changes nothing of %s besides, not even as it ends: %s', async (table, change) => {
    const sql = `update ${table} set ${change} where ${ofRow(table)}`;
    await expect(database.pool.query(sql)).rejects.toThrow(/stays as it was written/);
    await expect(database.owner.query(sql)).rejects.toThrow(/stays as it was written/);
  });

  it('still ends what ends', async () => {
    const flag = `update contact_flag set until_at = from_at, ended_by = 'desk', end_reason = 'over' where ${ofRow('contact_flag')}`;
    await database.pool.query(flag);
    expect(await verify()).toEqual([]);
  });
});

it('a purge of a case and of its person is no finding', async () => {
  await purgeAll();
  expect(await verify()).toEqual([]);
});
