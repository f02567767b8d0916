import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anchorDay } from '../../src/ledger/anchor';
import type { Finding } from '../../src/ledger/finding';
import { verifyLedger } from '../../src/ledger/verify';
import { addWords } from '../../src/store/calls';
import { reserveAgain } from '../../src/store/contact-claims';
import { claimContact, setContactState } from '../../src/store/contacts';
import { recordConsent } from '../../src/store/consents';
import { createPool, inTransaction } from '../../src/store/database';
import { entriesOfCustomers, leavesOfDay, listAnchors } from '../../src/store/ledger';
import { attestedTables } from '../../src/store/ledger-rows';
import { recordEvent } from '../../src/store/timeline';
import { addOpenCase, newId, openedAtMs, sampleContact } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const noted = { caseNo: 1, atMs: openedAtMs, kind: 'noted', actor: 'arrears', reason: 'a step', data: {} };

async function verify(): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
  return findings;
}

describe('an entry is written with the row that it attests', () => {
  it('for a contact at its reservation and at each change, with nothing personal in it', async () => {
    const loan = await addOpenCase(database.pool);
    const { contact } = await claimContact(database.pool, sampleContact(loan, { body: 'Dear Ana Sample' }));
    await setContactState(database.pool, contact.contactId, { state: 'placed', providerId: 'SM1' });
    const entries = await entriesOfCustomers(database.pool, [loan.customerId]);
    expect(entries.map(({ seq, what }) => [seq, what])).toEqual([
      [1, 'contact/reserved'],
      [2, 'contact/placed'],
    ]);
    const text = JSON.stringify(entries);
    for (const secret of ['Ana', '+1202', 'Dear']) expect(text).not.toContain(secret);
    expect(JSON.parse(entries[1]!.payload)).toMatchObject({
      op: 'update',
      columns: { state: 'placed', provider_id: 'SM1' },
    });
  });

  it('and a plan that changes before anybody was contacted is no tampering: another amount, another number', async () => {
    const loan = await addOpenCase(database.pool);
    const { contact } = await claimContact(database.pool, sampleContact(loan));
    await setContactState(database.pool, contact.contactId, { state: 'released', outcome: 'deferred' });
    const changed = { ...contact, contactPoint: '+12025550188', body: 'You owe more by now.', contentHash: 'c2' };
    await reserveAgain(database.pool, contact.contactId, changed);
    expect((await verify()).filter(({ key }) => key === contact.contactId)).toEqual([]);
  });

  it('and the words that a machine heard are added to their call, which nobody can change then', async () => {
    const loan = await addOpenCase(database.pool);
    const call = sampleContact(loan, {
      channel: 'call',
      subject: null,
      body: null,
      contentHash: null,
      state: 'placed',
    });
    const { contact } = await claimContact(database.pool, call);
    const heard = { language: 'en', body: 'Please call back.', contentHash: 'c3' };
    await addWords(database.pool, contact.contactId, heard);
    expect((await verify()).filter(({ key }) => key === contact.contactId)).toEqual([]);
    const other = addWords(database.pool, contact.contactId, { ...heard, body: 'Pay now.' });
    await expect(other).rejects.toThrow('never changes');
  });

  it('and not without it: a transaction that is rolled back leaves none', async () => {
    const loan = await addOpenCase(database.pool);
    const broken = inTransaction(database.pool, async (tx) => {
      await claimContact(tx, sampleContact(loan));
      throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
    expect(await entriesOfCustomers(database.pool, [loan.customerId])).toEqual([]);
  });

  it('into the chain of the customer where it is about the person', async () => {
    const { customerId } = await addOpenCase(database.pool);
    const consent = { channel: 'sms', state: 'opted-out', source: 'said so', atMs: openedAtMs, actor: 'ana' } as const;
    await recordConsent(database.pool, { ...consent, customerId }, openedAtMs);
    expect(await entriesOfCustomers(database.pool, [customerId])).toMatchObject([
      { loanId: '', caseNo: 0, seq: 1, what: 'consent/opted-out' },
    ]);
  });

  it('for every table that the database attests', async () => {
    const { rows } = await database.pool.query<{ name: string }>('select table_name as name from ledger_source');
    expect(rows.map(({ name }) => name).sort()).toEqual(attestedTables.map(({ table }) => table).sort());
    const triggers = await database.pool.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgname like '%_is_attested' and tgenabled = 'O'`,
    );
    expect(triggers.rows.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('one after the other when twenty connections write into one chain at once', async () => {
    const loan = await addOpenCase(database.pool);
    const pools = Array.from({ length: 20 }, () => createPool(database.url, { applicationName: 'at-once', max: 1 }));
    await Promise.all(
      pools.map(async (pool, no) => {
        for (let time = 0; time < 10; time += 1) {
          await recordEvent(pool, { ...noted, loanId: loan.loanId, reason: `step ${no}.${time}` });
          await claimContact(pool, sampleContact(loan, { contactKey: newId(`${loan.loanId}/1/x/${no}`) }));
        }
        await pool.end();
      }),
    );
    const entries = await entriesOfCustomers(database.pool, [loan.customerId]);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    expect(await verify()).toEqual([]);
  });
});

describe('the role of the service', () => {
  const tables = ['ledger_entry', 'ledger_anchor', 'ledger_leaf', 'contact_decision', 'case_event', 'purge', 'policy'];
  const statements = tables.flatMap((table) => [
    `update ${table} set ${{ ledger_anchor: 'root', policy: 'version', contact_decision: 'reason', case_event: 'reason', purge: 'actor' }[table] ?? 'hash'} = 'x'`,
    `delete from ${table}`,
    `truncate ${table} cascade`,
  ]);

  it('is the one that it works as', async () => {
    const { rows } = await database.pool.query<{ role: string }>('select current_user as role');
    expect(rows).toEqual([{ role: 'arrears_app' }]);
  });

  it.each([
    ...statements,
    'delete from contact',
    'truncate contact cascade',
    'delete from consent',
    'delete from contact_flag',
    `insert into ledger_entry values ('C', 'L', 1, 1, now(), 'x', '{}', 'x', 'x')`,
    `insert into purge (customer_id, at, keep_until, rules, actor, removed) values ('C', now(), '2026-01-01', '{}', 'x', '{}')`,
    'update ledger_source set open_columns = null',
    'alter table case_event disable trigger all',
    'drop trigger case_event_is_attested on case_event',
    'set session_replication_role = replica',
  ])('may not: %s', async (sql) => {
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it.each([
    `body = 'other'`,
    `contact_point = '+12025550199'`,
    `content_hash = null`,
    'customer_id = customer_id || 1',
  ])('cannot change what a contact said or to whom: %s', async (change) => {
    await claimContact(database.pool, sampleContact(await addOpenCase(database.pool)));
    await expect(database.pool.query(`update contact set ${change}`)).rejects.toThrow(/never changes/);
  });

  it('cannot make the ledger attest a table of its own', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('begin; create temp table contact_flag (customer_id text, flag text, flag_id int)');
      const trigger = 'create trigger forged after insert on contact_flag for each row execute function attest()';
      await expect(client.query(trigger)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('the anchor of a bank day', () => {
  it('is made once: asked for again, by many at once, it is the same', async () => {
    const [first, ...others] = await Promise.all(
      Array.from({ length: 8 }, () => anchorDay(database.pool, '2026-04-01')),
    );
    expect(new Set(others.map(({ hash }) => hash))).toEqual(new Set([first!.hash]));
    expect(await listAnchors(database.pool)).toEqual([first]);
  });

  it('covers after missed days all that happened on them, and only chains that grew', async () => {
    const loan = await addOpenCase(database.pool);
    await claimContact(database.pool, sampleContact(loan));
    const next = await anchorDay(database.pool, '2026-04-05');
    expect(next).toMatchObject({ chains: 1, entries: 1 });
    await recordEvent(database.pool, { ...noted, loanId: loan.loanId });
    await anchorDay(database.pool, '2026-04-06');
    const leaves = [];
    for await (const leaf of leavesOfDay(database.pool, '2026-04-06')) leaves.push(leaf);
    expect(leaves).toMatchObject([{ loanId: loan.loanId, sinceSeq: 1, seq: 2 }]);
    expect(await verify()).toEqual([]);
  });

  it('follows the one before also when nothing happened', async () => {
    const [before] = (await listAnchors(database.pool)).slice(-1);
    const quiet = await anchorDay(database.pool, '2026-04-07');
    expect(quiet).toMatchObject({ chains: 0, entries: 0, prevHash: before!.hash });
    expect(await verify()).toEqual([]);
  });

  it('of a day that is over is not made any more', async () => {
    expect((await anchorDay(database.pool, '2026-04-03')).day).toBe('2026-04-07');
  });

  it('adds up leaf by leaf also over more of them than one page holds', async () => {
    const leaves = [];
    for await (const leaf of leavesOfDay(database.pool, '2026-04-01', 2)) leaves.push(leaf);
    expect(leaves).toHaveLength((await listAnchors(database.pool))[0]!.chains);
    expect(leaves.length).toBeGreaterThan(4);
  });
});
