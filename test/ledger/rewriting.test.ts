import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anchorDay, rootOf } from '../../src/ledger/anchor';
import type { Finding } from '../../src/ledger/finding';
import { anchorHash, entryHash, genesis } from '../../src/ledger/hashes';
import { verifyLedger } from '../../src/ledger/verify';
import { type Anchor, type Entry, entriesOfCustomers, listAnchors } from '../../src/store/ledger';
import { recordEvent } from '../../src/store/timeline';
import { addOpenCase } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

// Whoever owns the database can compute hashes too. What is left to show it are the rows, and anchors kept elsewhere.
let database: TestDatabase;
let customerId: string;
let loanId: string;
let kept: Anchor;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ customerId, loanId } = await addOpenCase(database.pool));
  const event = { loanId, caseNo: 1, atMs: 0, kind: 'noted', actor: 'arrears', data: {} };
  for (const reason of ['one', 'two', 'three']) await recordEvent(database.pool, { ...event, reason });
});
afterAll(() => database.drop());

async function verify(outside: readonly Anchor[] = []): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verifyLedger(database.pool, { outside, onFinding: (finding) => findings.push(finding) });
  return findings;
}

/** Writes the customer's chains anew from an entry on, each hash as it has to be. */
async function rewrite(change: (entry: Entry) => Entry): Promise<void> {
  let prevHash = genesis;
  const statements: string[] = [];
  for (const entry of await entriesOfCustomers(database.pool, [customerId])) {
    const other = { ...change(entry), prevHash };
    prevHash = entryHash(other);
    statements.push(`update ledger_entry set payload = $$${other.payload}$$, prev_hash = '${other.prevHash}',
      hash = '${prevHash}' where customer_id = '${customerId}' and loan_id = '${loanId}' and seq = ${entry.seq}`);
  }
  await asAdministrator(statements.join(';'));
}

async function asAdministrator(sql: string): Promise<void> {
  await database.owner.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
}

const otherActor = (entry: Entry): Entry => ({
  ...entry,
  payload: entry.seq === 2 ? entry.payload.replace('"arrears"', '"nobody"') : entry.payload,
});

describe('a chain that somebody wrote anew with right hashes', () => {
  it('is shown by the row that still says the truth', async () => {
    await rewrite(otherActor);
    expect(await verify()).toEqual([
      expect.objectContaining({ table: 'case_event', seq: 2, problem: 'actor not as attested' }),
    ]);
  });

  it('cannot be told while nothing was anchored and the row was changed with it: that is what anchors are for', async () => {
    await asAdministrator(`update case_event set actor = 'nobody' where loan_id = '${loanId}' and reason = 'two'`);
    expect(await verify()).toEqual([]);
  });

  it('is shown by the anchor that covers it', async () => {
    kept = await anchorDay(database.pool, '2026-03-02');
    await rewrite((entry) => ({ ...entry, payload: entry.payload.replace('"nobody"', '"arrears"') }));
    await asAdministrator(`update case_event set actor = 'arrears' where loan_id = '${loanId}'`);
    expect((await verify()).map(({ problem }) => problem)).toEqual(
      expect.arrayContaining(['is not the entry that the anchor of 2026-03-02 covers']),
    );
  });
});

describe('a ledger that was written anew with all its anchors', () => {
  it('agrees with itself, and not with an anchor that was kept outside', async () => {
    await asAdministrator(`update ledger_leaf l set hash = e.hash from ledger_entry e
      where (e.customer_id, e.loan_id, e.case_no, e.seq) = (l.customer_id, l.loan_id, l.case_no, l.seq)`);
    const { root } = await rootOf(database.pool, kept.day);
    const forged = { ...kept, root };
    await asAdministrator(`update ledger_anchor set root = '${root}', hash = '${anchorHash(forged)}'`);
    expect(await verify()).toEqual([]);
    expect(await verify([kept])).toEqual([
      expect.objectContaining({ key: '2026-03-02', problem: 'is not the one that was kept outside' }),
    ]);
  });

  it.each([
    ['an anchor that is missing here', (anchor: Anchor) => ({ ...anchor, day: '2026-02-01' })],
    ['an anchor whose file was changed', (anchor: Anchor) => ({ ...anchor, entries: anchor.entries + 1 })],
  ])('tells of %s', async (name, change) => {
    const other = change(kept);
    const file = name.includes('file') ? other : { ...other, hash: anchorHash(other) };
    expect(await verify([file])).toEqual([expect.objectContaining({ table: 'ledger_anchor', key: file.day })]);
  });

  it.each([
    [`update ledger_anchor set root = md5(root) || md5(hash)`, 'ledger_anchor'],
    [`update ledger_anchor set entries = entries + 1`, 'ledger_anchor'],
    [`update ledger_anchor set made_at = made_at + interval '1 second'`, 'ledger_anchor'],
    [`delete from ledger_anchor`, 'ledger_anchor'],
    [
      `update ledger_leaf set seq = seq - 1, hash = (select hash from ledger_entry e where e.seq = ledger_leaf.seq - 1)`,
      'ledger_anchor',
    ],
    [`delete from ledger_leaf`, 'ledger_anchor'],
  ])('shows a tampered anchor: %s', async (sql, table) => {
    const client = await database.owner.connect();
    const before = JSON.stringify(await listAnchors(database.pool));
    await client.query(`begin; set local session_replication_role = replica`);
    await client.query(sql);
    await client.query('commit');
    const findings = await verify();
    expect(findings).toEqual(expect.arrayContaining([expect.objectContaining({ table, key: '2026-03-02' })]));
    client.release();
    await restore(before);
  });
});

/** One anchor over one chain, as it was. */
async function restore(anchors: string): Promise<void> {
  const [anchor] = JSON.parse(anchors) as [Anchor];
  const { day, madeAt, chains, entries, root, prevHash, hash } = anchor;
  await asAdministrator(`delete from ledger_leaf; delete from ledger_anchor;
    insert into ledger_leaf select customer_id, loan_id, case_no, '${day}', 0, seq, hash from ledger_entry
      where seq = ${entries};
    insert into ledger_anchor values ('${day}', '${madeAt}', ${chains}, ${entries}, '${root}', '${prevHash}', '${hash}')`);
}
