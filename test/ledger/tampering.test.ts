import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { anchorDay } from '../../src/ledger/anchor';
import type { Finding } from '../../src/ledger/finding';
import { verifyCustomers, verifyLedger } from '../../src/ledger/verify';
import { customersAfter, type Entry, entriesOfCustomers, lastAnchor } from '../../src/store/ledger';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { chains, fillLedger } from './portfolio';

let database: TestDatabase;
let entries: Entry[];
let customers: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  await fillLedger(database.owner);
  await anchorDay(database.pool, '2026-03-20');
  customers = await customersAfter(database.pool, '', chains);
  entries = await entriesOfCustomers(database.pool, customers);
});
afterAll(() => database.drop());

const nameOf = ({ customerId, loanId, caseNo, seq }: Entry): string =>
  `${customerId}/${loanId === '' ? '' : `${loanId}/${caseNo}`}#${seq}`;

/** As an administrator who has switched the triggers off; afterwards everything is as it was. */
async function whileTampered<T>(tamper: (db: PoolClient) => Promise<unknown>, look: (db: PoolClient) => Promise<T>) {
  const client = await database.owner.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; set local timezone = 'UTC'`);
    await tamper(client);
    return await look(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function findingsAfter(tamper: (db: PoolClient) => Promise<unknown>): Promise<readonly Finding[]> {
  const newest = await lastAnchor(database.pool);
  return whileTampered(tamper, async (db) => (await verifyCustomers(db, customers, newest)).findings);
}

/** The n-th entries of every chain that has so many. */
const nth = (...places: readonly number[]): Entry[] => entries.filter(({ seq }) => places.includes(seq));
const longest = 42;
const half = longest / 2;
const apart = 7;
/** Places of each chain that are tampered with together, none beside another, so that every entry has its turn in few looks. */
const places = Array.from({ length: apart }, (_, index) =>
  Array.from({ length: longest / apart }, (_none, turn) => 1 + index + turn * apart),
);

/** Each entry at the place changes numbers with the one after it, where there is one. */
const swap = (place: number): string => `
  update ledger_entry e set seq = seq + 1000 where seq in (${place}, ${place + 1}) and exists (select from ledger_entry n
    where (n.customer_id, n.loan_id, n.seq) = (e.customer_id, e.loan_id, ${place + 1}));
  update ledger_entry set seq = ${place} where seq = ${place + 1001};
  update ledger_entry set seq = ${place + 1} where seq = ${place + 1000}`;

const edits = {
  payload: `payload = replace(payload, '"op"', '"of"')`,
  'a word inside the payload': `payload = replace(payload, '"columns": {', '"columns": {"extra": 1, ')`,
  what: `what = what || '!'`,
  'the time': `recorded_at = recorded_at - interval '1 microsecond'`,
  'the link': `prev_hash = md5(prev_hash) || md5(hash)`,
  'the hash': `hash = md5(hash) || md5(prev_hash)`,
} as const;

describe('a ledger of 10,000 entries', () => {
  it('is that large, and sound as it was written', async () => {
    expect(entries).toHaveLength(10_000);
    const findings: Finding[] = [];
    const result = await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toEqual([]);
    expect(result).toMatchObject({ entries: 10_000, rows: 8_200, anchors: 1, findings: 0 });
  });

  it('shows the edit of any entry, whichever column it is, and names the entry', async () => {
    const kinds = Object.values(edits);
    const seen = new Set<string>();
    for (const [index, those] of places.entries()) {
      // Each entry is edited once; which column it is goes round.
      const edit = kinds[index % kinds.length]!;
      const findings = await findingsAfter((db) =>
        db.query(`update ledger_entry set ${edit} where seq = any($1)`, [those]),
      );
      const named = new Set(findings.map(({ key }) => key));
      expect(nth(...those).filter((entry) => !named.has(nameOf(entry)))).toEqual([]);
      nth(...those).forEach((entry) => seen.add(nameOf(entry)));
    }
    expect(seen.size).toBe(10_000);
  });

  it.each(Object.entries(edits))(
    'shows an edit of %s at the head, in the middle and at the tail',
    async (_name, edit) => {
      const three = [1, half, longest] as const;
      const findings = await findingsAfter((db) =>
        db.query(`update ledger_entry set ${edit} where seq = any($1)`, [three]),
      );
      const named = new Set(findings.map(({ key }) => key));
      expect(nth(...three).filter((entry) => !named.has(nameOf(entry)))).toEqual([]);
    },
  );

  it('shows the deletion of any entry, the last of a chain too, and names it', async () => {
    const seen = new Set<string>();
    for (const those of places) {
      const findings = await findingsAfter((db) => db.query('delete from ledger_entry where seq = any($1)', [those]));
      const named = new Set(findings.map(({ key }) => key));
      expect(nth(...those).filter((entry) => !named.has(nameOf(entry)))).toEqual([]);
      nth(...those).forEach((entry) => seen.add(nameOf(entry)));
    }
    expect(seen.size).toBe(10_000);
  });

  it('shows any two neighbours that changed places', async () => {
    for (const those of places) {
      const findings = await findingsAfter((db) => db.query(those.map(swap).join(';')));
      const named = new Set(findings.map(({ key }) => key));
      const nextOnes = nth(...those.map((place) => place + 1));
      expect(nextOnes.filter((entry) => !named.has(nameOf(entry)))).toEqual([]);
      expect(nextOnes.filter((entry) => !named.has(nameOf({ ...entry, seq: entry.seq - 1 })))).toEqual([]);
    }
  });

  it('shows an entry that was put in behind any chain, or between two of its entries', async () => {
    const behind = await findingsAfter((db) =>
      db.query(`insert into ledger_entry select customer_id, loan_id, case_no, max(seq) + 1, now(), 'case_event/noted',
          min(payload), max(hash), max(hash) from ledger_entry group by 1, 2, 3`),
    );
    expect(new Set(behind.map(({ chain }) => JSON.stringify(chain))).size).toBe(2 * chains);
    const between = await findingsAfter((db) =>
      db.query(`update ledger_entry set seq = seq + 1000 where seq > 5;
        update ledger_entry set seq = seq - 999 where seq > 1000;
        insert into ledger_entry select customer_id, loan_id, case_no, 6, recorded_at, what, payload, hash, prev_hash
          from ledger_entry where seq = 5`),
    );
    const named = new Set(between.map(({ key }) => key));
    expect(nth(6).filter((entry) => !named.has(nameOf(entry)))).toEqual([]);
  });
});

const columns = [
  ['contact', `body = body || ' '`, 'body'],
  ['contact', `contact_point = '+447700900999'`, 'contact_point'],
  ['contact', `at = at - interval '1 hour'`, 'at'],
  ['contact', `state = 'delivered'`, 'state'],
  ['contact', `verdict = '{"rules": []}'`, 'verdict'],
  ['contact', `loan_ids = '{}'`, 'loan_ids'],
  ['contact', 'body = null', 'body'],
  ['case_event', `reason = 'other'`, 'reason'],
  ['case_event', `data = '{"by": "hand"}'`, 'data'],
  ['case_event', `actor = 'somebody'`, 'actor'],
  ['contact_decision', `kind = 'deferred', until_at = now()`, 'kind, until_at'],
  ['contact_decision', `evidence = '{}'`, 'evidence'],
  ['contact_decision', `rules = '{}'`, 'rules'],
  ['consent', `state = 'opted-out'`, 'state'],
  ['contact_grant', `until_at = now()`, 'until_at'],
  ['contact_flag', `until_at = now()`, 'until_at'],
  ['inconvenient_time', `withdrawn_at = now()`, 'withdrawn_at'],
  ['contact_milestone', `event = 'statement-sent'`, 'event'],
] as const;

describe('the rows that the ledger attests', () => {
  it.each(columns)('show that somebody edited %s: %s', async (table, edit, column) => {
    const findings = await findingsAfter((db) => db.query(`update ${table} set ${edit}`));
    const { rows } = await database.pool.query(`select from ${table}`);
    const right = findings.filter((one) => one.table === table && sameColumns(one.problem, column));
    expect(right).toHaveLength(rows.length);
  });

  it.each(['contact', 'case_event', 'contact_decision', 'consent', 'contact_grant', 'contact_flag'])(
    'show each row of %s that somebody deleted',
    async (table) => {
      const { rows } = await database.pool.query(`select from ${table}`);
      const findings = await findingsAfter((db) => db.query(`delete from ${table}`));
      expect(findings.filter((one) => one.table === table && /not there any more/.test(one.problem))).toHaveLength(
        rows.length,
      );
    },
  );

  it('show a row that somebody put in past the triggers', async () => {
    const findings = await findingsAfter((db) =>
      db.query(`insert into case_event (loan_id, case_no, at, kind, actor, reason)
        values ('L-0007', 1, now(), 'promise-broken', 'arrears', 'invented')`),
    );
    expect(findings).toEqual([
      expect.objectContaining({ table: 'case_event', problem: expect.stringMatching(/no entry/) }),
    ]);
  });

  it('show the tail of a chain that was cut off together with its rows, by the anchor that covers it', async () => {
    const findings = await findingsAfter((db) =>
      db.query(`delete from case_event e using ledger_entry l where l.loan_id = 'L-0009' and l.seq > 40
          and l.payload::jsonb->>'table' = 'case_event' and (l.payload::jsonb->>'key')::int = e.event_id;
        delete from ledger_entry where loan_id = 'L-0009' and seq > 40`),
    );
    expect(findings).toEqual([expect.objectContaining({ key: 'C-0009/L-0009/1#42', seq: 42 })]);
  });
});

function sameColumns(problem: string, names: string): boolean {
  return problem === `${names} not as attested`;
}
