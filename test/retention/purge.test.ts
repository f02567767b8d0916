import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/domain/day';
import { anchorDay } from '../../src/ledger/anchor';
import type { Finding } from '../../src/ledger/finding';
import { verifyLedger } from '../../src/ledger/verify';
import { keepRecords } from '../../src/retention/daily';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { type Purged, purgeDue } from '../../src/retention/purge';
import { closeCase } from '../../src/store/cases';
import { recordContactDecision } from '../../src/store/contact-decisions';
import { claimContact, setContactState } from '../../src/store/contacts';
import { recordConsent } from '../../src/store/consents';
import { putContactPoint, putCustomer } from '../../src/store/customers';
import { clearHold, listHolds, setHold } from '../../src/store/legal-holds';
import { listAnchors } from '../../src/store/ledger';
import type { Loan } from '../../src/store/loans';
import { postPayment } from '../../src/store/payments';
import { recordEvent } from '../../src/store/timeline';
import { addOpenCase, openedAtMs, sampleContact, samplePayment } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { retailKeeping } from './record-keeping';
import { randomUUID } from 'node:crypto';

let database: TestDatabase;
let keeping: RecordKeeping;
const paidDay = '2026-05-04';
const closedAtMs = Date.parse('2026-05-05T02:00:00Z');
/** House and mainland China: five years from settlement and five from the last record; the later one wins. */
const keptUntil = '2031-05-05';
const at = (day: string): number => Date.parse(`${day}T04:00:00Z`);

beforeAll(async () => {
  database = await createTestDatabase();
  keeping = await retailKeeping(database.pool);
});
afterAll(() => database.drop());

// A link to a recording, a collector's number, why somebody listened, an illness, what a task heard of it, words about a payment and a pause.
const elsewhere = [
  'recordings.example.com',
  '+447700900555',
  'she cried',
  'illness',
  'partial',
  '2026-04-17',
  '7654321',
  'her brother paid',
  'her operation',
  'zoe-s-brother',
];
const secrets = [
  'Zoe Secretname',
  '+447700900777',
  'zoe@example.com',
  'a very private text',
  'said on the phone',
  ...elsewhere,
];

/** A case with every kind of record, paid in full and closed. */
async function closedCase(paid = true): Promise<Loan> {
  const { pool } = database;
  const loan = await addOpenCase(pool);
  const { customerId, loanId } = loan;
  await putCustomer(pool, {
    customerId,
    name: 'Zoe Secretname',
    language: 'en',
    timezone: 'Asia/Shanghai',
    preferences: {},
  });
  await putContactPoint(pool, customerId, { kind: 'email', value: 'zoe@example.com', rank: 1, state: 'verified' });
  const owner = { partyId: 'zoe-s-brother', partyRole: 'co-borrower', loanIds: [loanId] } as const;
  await putContactPoint(pool, customerId, { kind: 'email', value: 'brother@example.com', owner });
  const consent = { customerId, channel: 'sms', state: 'opted-in', source: 'said on the phone', actor: 'ana' } as const;
  await recordConsent(pool, { ...consent, atMs: openedAtMs }, openedAtMs);
  const { contact } = await claimContact(
    pool,
    sampleContact(loan, {
      contactPoint: '+447700900777',
      body: 'a very private text',
      verdict: { rules: ['CN-HOURS'], situation: { to: '+447700900777' } },
    }),
  );
  await setContactState(pool, contact.contactId, { state: 'placed', providerId: 'SM1' });
  await recordContactDecision(pool, {
    ...{ contactKey: `${loanId}/x`, customerId, loanId, channel: 'sms', purpose: 'reminder', atMs: openedAtMs },
    ...{ untilMs: null, rules: ['CN-HOURS'], reason: 'said on the phone', evidence: { number: '+447700900777' } },
  });
  await recordEvent(pool, {
    loanId,
    caseNo: 1,
    atMs: openedAtMs,
    kind: 'noted',
    actor: 'jane',
    reason: 'a very private text',
    data: { to: 'zoe@example.com' },
  });
  await addLaterRecords(loan, contact.contactId);
  if (paid) await postPayment(pool, samplePayment(loanId, { amountMinor: 302_999, valueDay: paidDay }));
  await closeCase(pool, loanId, 1, { closedAtMs, reason: 'arrears-cleared' });
  await recordContactDecision(pool, {
    ...{ contactKey: `${loanId}/y`, customerId, loanId, channel: 'sms', purpose: 'reminder', atMs: closedAtMs + 1 },
    ...{ untilMs: null, rules: [], reason: 'said on the phone', evidence: { number: '+447700900777' } },
  });
  return loan;
}

/** What a call, a talk, a pause and a correction leave behind. */
async function addLaterRecords({ loanId, customerId }: Loan, contactId: string): Promise<void> {
  const { owner } = database;
  const [taskId, recordingId] = [randomUUID(), randomUUID()];
  await owner.query(
    `insert into task (task_id, task_key, loan_id, case_no, customer_id, kind, stage, not_before, due_at, state, completed_at,
       outcome, cause, willingness, note, promised_on, promised_minor)
     values ($1, $2, $3, 1, $4, 'call', 'reminder', now(), now(), 'completed', now(), 'promised', 'illness', 'partial',
       'said on the phone', '2026-04-17', 7654321)`,
    [taskId, `${loanId}/1/reminder/call`, loanId, customerId],
  );
  await owner.query(
    `insert into call (contact_id, task_id, attempt, started_by, collector_phone, asked_at)
     values ($1, $2, 1, 'jane', '+447700900555', now())`,
    [contactId, taskId],
  );
  await owner.query(
    `insert into recording (recording_id, contact_id, provider_id, url, duration_seconds, made_at)
     values ($1, $2, $3, 'https://recordings.example.com/1', 60, now())`,
    [recordingId, contactId, `RE-${recordingId}`],
  );
  await owner.query(
    `insert into recording_access (recording_id, actor, reason, at) values ($1, 'jane', 'she cried', now())`,
    [recordingId],
  );
  await owner.query(
    `insert into cause (cause_id, loan_id, case_no, code, from_day, heard_at, source, actor)
     values ($1, $2, 1, 'illness', '2026-03-01', now(), 'api', 'jane')`,
    [randomUUID(), loanId],
  );
  await owner.query(
    `insert into arrangement (arrangement_id, loan_id, case_no, kind, terms, reason, actor, proposed_on, rejected_on)
     values ($1, $2, 1, 'extension', '{}', 'illness', 'jane', '2026-03-01', '2026-03-02')`,
    [`A-${loanId}`, loanId],
  );
  await owner.query(
    `insert into pause (pause_id, loan_id, from_day, until_day, resumed_on, reason, actor)
     values ($1, $2, '2026-03-01', '2026-03-05', '2026-03-01', 'her operation', 'jane')`,
    [`PA-${loanId}`, loanId],
  );
  await owner.query(
    `insert into receipt (receipt_id, kind, amount_minor, currency, value_on, asked, reason, actor)
     values ($1, 'correction', 1, 'CNY', '2026-03-01', '{}', 'her brother paid', 'jane')`,
    [`R-${loanId}`],
  );
  await postPayment(database.pool, samplePayment(loanId, { amountMinor: 1, receiptId: `R-${loanId}` }));
}

async function purge(day: string, dryRun = false): Promise<Purged[]> {
  const all: Purged[] = [];
  await purgeDue(database.pool, keeping, at(day), { dryRun, onPurged: (one) => all.push(one) });
  return all;
}

async function verify(): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
  return findings;
}

/** Everything that the database holds, as text. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await database.owner.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const texts: string[] = [];
  for (const { name } of rows) {
    const { rows: held } = await database.owner.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...held.map(({ text }) => text));
  }
  return texts.join('\n');
}

describe('a case whose time is not over', () => {
  it('is kept to the last day of the longest rule', async () => {
    const { loanId, customerId } = await closedCase();
    expect(await purge(keptUntil)).toEqual([]);
    expect(await purge(addDays(keptUntil, 1), true)).toEqual([
      expect.objectContaining({ loanId, untilDay: keptUntil, rows: null }),
    ]);
    const text = await wholeDatabase();
    for (const secret of secrets) expect(text).toContain(secret);
    await setHold(database.pool, {
      holdId: randomUUID(),
      customerId,
      loanId: null,
      reason: 'other test',
      setBy: 'x',
      setAtMs: closedAtMs,
    });
  });

  it('is kept as long as something of the loan is unpaid', async () => {
    const { loanId } = await closedCase(false);
    expect((await purge('2046-01-01', true)).some((one) => one.loanId === loanId)).toBe(false);
    await postPayment(database.pool, samplePayment(loanId, { amountMinor: 303_000, valueDay: '2045-12-31' }));
    expect((await purge('2046-01-01', true)).some((one) => one.loanId === loanId)).toBe(false);
    expect((await purge('2051-01-01', true)).some((one) => one.loanId === loanId)).toBe(true);
    await database.owner.query(`update loan_case set purged_at = now() where loan_id = $1`, [loanId]);
  });

  it('is kept while it is open, also by the database itself', async () => {
    const { loanId } = await addOpenCase(database.pool);
    const text = `select purge_case($1, 1, '2026-01-01', '{}', now(), 'x')`;
    await expect(database.pool.query(text, [loanId])).rejects.toThrow('not to be purged');
  });
});

describe('a legal hold', () => {
  it('keeps a case beyond its time until it is cleared, and is on record with who set and cleared it', async () => {
    const { pool } = database;
    const { customerId, loanId } = await closedCase();
    const holdId = randomUUID();
    await setHold(pool, { holdId, customerId, loanId, reason: 'suit filed', setBy: 'counsel', setAtMs: closedAtMs });
    const later = addDays(keptUntil, 1);
    expect((await purge(later)).some((one) => one.loanId === loanId)).toBe(false);
    const forced = pool.query(`select purge_case($1, 1, '${keptUntil}', '{}', '${later}', 'x')`, [loanId]);
    await expect(forced).rejects.toThrow('a legal hold is in force');
    await clearHold(pool, customerId, holdId, {
      clearedBy: 'counsel-2',
      clearedAtMs: at(later),
      clearReason: 'suit ended',
    });
    expect(await listHolds(pool, customerId)).toMatchObject([
      { setBy: 'counsel', clearedBy: 'counsel-2', reason: 'suit filed' },
    ]);
    expect((await purge(later, true)).some((one) => one.loanId === loanId)).toBe(true);
    await setHold(pool, {
      holdId: randomUUID(),
      customerId,
      loanId,
      reason: 'other test',
      setBy: 'x',
      setAtMs: closedAtMs,
    });
  });
});

describe('what is purged', () => {
  it('leaves no name, number or text behind, and a ledger that is still sound', async () => {
    const fresh = await createTestDatabase();
    await retailKeeping(fresh.pool);
    const before = database;
    database = fresh;
    try {
      const { loanId, customerId } = await closedCase();
      await anchorDay(fresh.pool, '2026-05-06');
      const [purgedCase, person, ...rest] = await purge(addDays(keptUntil, 1));
      expect(rest).toEqual([]);
      expect(purgedCase).toMatchObject({
        loanId,
        rows: { contact: 1, case_event: 1, contact_decision: 2, call: 1, recording: 1, cause: 1, arrangement: 1 },
      });
      expect(person).toMatchObject({
        customerId,
        loanId: null,
        rows: { customer: 1, contact_point: 2, party_loan: 1, consent: 1 },
      });
      const text = await wholeDatabase();
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(await verify()).toEqual([]);
      const { rows } = await fresh.pool.query(
        'select loan_id, rules, keep_until, removed from purge order by purge_id',
      );
      expect(rows).toMatchObject([
        {
          loan_id: loanId,
          keep_until: keptUntil,
          removed: { contact: { rows: 1 }, task: { rows: 1 } },
        },
        { loan_id: null, removed: { customer: { rows: 1 }, contact_point: { rows: 2 } } },
      ]);
      expect(await purge(addDays(keptUntil, 2))).toEqual([]);
    } finally {
      database = before;
      await fresh.drop();
    }
  });

  it('is purged with the day’s anchor, and a second look the same day does nothing', async () => {
    const day = addDays(keptUntil, 400);
    await database.owner.query('update bank_clock set ahead_ms = $1', [at(day) - Date.now()]);
    const first = await keepRecords(database.pool, keeping, null, at(day));
    const second = await keepRecords(database.pool, keeping, null, at(day) + 3_600_000);
    expect(second).toEqual({
      anchor: first!.anchor,
      purged: 0,
      messages: 0,
      deadlines: first!.deadlines,
      recordings: 0,
    });
    expect((await listAnchors(database.pool)).map((one) => one.day)).toEqual([day]);
    expect(await verify()).toEqual([]);
  });
});
