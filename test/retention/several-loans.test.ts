import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/domain/day';
import { verifyLedger } from '../../src/ledger/verify';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { purgeDue } from '../../src/retention/purge';
import { closeCase } from '../../src/store/cases';
import { recordContactDecision } from '../../src/store/contact-decisions';
import { claimContact, getContact, setContactState } from '../../src/store/contacts';
import { clearHold, setHold } from '../../src/store/legal-holds';
import type { Loan } from '../../src/store/loans';
import { postPayment } from '../../src/store/payments';
import { addOpenCase, hourMs, openedAtMs, sampleContact, samplePayment } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { retailKeeping } from './record-keeping';

let database: TestDatabase;
let keeping: RecordKeeping;
const closedAtMs = Date.parse('2026-05-05T02:00:00Z');
/** Five years from the last record of a case; the later of two that were settled in different years. */
const [keptUntil, keptLater] = ['2031-05-05', '2034-05-05'];
const at = (day: string): number => Date.parse(`${day}T04:00:00Z`);

beforeAll(async () => {
  database = await createTestDatabase();
  keeping = await retailKeeping(database.pool);
});
afterAll(() => database.drop());

async function settle({ loanId }: Loan, day: string): Promise<void> {
  await postPayment(database.pool, samplePayment(loanId, { amountMinor: 303_000, valueDay: day }));
  await closeCase(database.pool, loanId, 1, { closedAtMs: at(day), reason: 'arrears-cleared' });
}

/** One message and one "no" of the gate under the case of the first loan, about both; only the first loan is settled. */
async function demandedTogether(): Promise<{ first: Loan; second: Loan; contactId: string }> {
  const { pool, owner } = database;
  const first = await addOpenCase(pool);
  const second = await addOpenCase(pool, { customerId: first.customerId });
  const loanIds = [first.loanId, second.loanId];
  const contact = sampleContact(first, { loanIds, subject: 'Two loans', contactPoint: '+447700900111' });
  const { contactId, contactKey } = (await claimContact(pool, contact)).contact;
  await setContactState(pool, contactId, { state: 'placed', providerId: `SM-${contactId}` });
  await owner.query(
    `insert into recording (recording_id, contact_id, provider_id, url, duration_seconds, made_at)
     values ($1, $2, $3, 'https://recordings.example.com/1', 60, now())`,
    [randomUUID(), contactId, `RE-${contactId}`],
  );
  const about = { customerId: first.customerId, loanId: first.loanId, channel: 'sms', purpose: 'reminder' } as const;
  const no = { ...about, atMs: openedAtMs + hourMs, untilMs: null, rules: ['CN-HOURS'], reason: 'at night' };
  await recordContactDecision(pool, { ...no, contactKey, evidence: {} });
  await recordContactDecision(pool, { ...no, contactKey: `${contactKey}/x`, evidence: { situation: { loanIds } } });
  await settle(first, '2026-05-05');
  return { first, second, contactId };
}

async function purge(day: string): Promise<string[]> {
  const all: string[] = [];
  await purgeDue(database.pool, keeping, at(day), {
    dryRun: false,
    onPurged: ({ loanId, customerId }) => all.push(loanId ?? customerId),
  });
  return all;
}

/** What is left of the words, the number and the subject, of the link, and of the decisions against the contact. */
async function leftOf(contactId: string) {
  const contact = await getContact(database.pool, contactId);
  const { rows } = await database.owner.query<{ url: string; reasons: string[] }>(
    `select r.url, array(select reason from contact_decision d where d.loan_id = t.loan_id) as reasons
     from contact t join recording r using (contact_id) where contact_id = $1`,
    [contactId],
  );
  const { body, subject, contactPoint } = contact ?? {};
  return { body, subject, contactPoint, ...rows[0] };
}
const whole = {
  body: 'Your instalment is due.',
  subject: 'Two loans',
  contactPoint: '+447700900111',
  url: 'https://recordings.example.com/1',
  reasons: ['at night', 'at night'],
};
const nothing = { body: null, subject: null, contactPoint: null, url: '', reasons: ['', ''] };

async function hold({ customerId, loanId }: Loan): Promise<string> {
  const holdId = randomUUID();
  const set = { reason: 'in court', setBy: 'counsel', setAtMs: closedAtMs };
  await setHold(database.pool, { holdId, customerId, loanId, ...set });
  return holdId;
}

const clearing = { clearedBy: 'counsel', clearedAtMs: at(keptUntil), clearReason: 'the suit ended' };

describe('a message that demanded two loans', () => {
  it('stays whole while one of them is in court, and goes with the last of their cases', async () => {
    const { first, second, contactId } = await demandedTogether();
    const holdId = await hold(second);
    expect(await purge(addDays(keptUntil, 1))).toEqual([first.loanId]);
    expect(await leftOf(contactId)).toEqual(whole);

    await settle(second, '2029-05-05');
    await clearHold(database.pool, first.customerId, holdId, clearing);
    expect(await purge(keptLater)).toEqual([]);
    expect(await leftOf(contactId)).toEqual(whole);
    expect(await purge(addDays(keptLater, 1))).toEqual([second.loanId, first.customerId]);
    expect(await leftOf(contactId)).toEqual(nothing);
  });

  it('stays while the other case is not purged, without any hold', async () => {
    const { first, second, contactId } = await demandedTogether();
    expect(await purge(addDays(keptUntil, 1))).toEqual([first.loanId]);
    expect(await leftOf(contactId)).toEqual(whole);
    await settle(second, '2029-05-05');
    await purge(addDays(keptLater, 1));
    expect(await leftOf(contactId)).toEqual(nothing);
  });

  it('stays while a hold is on a loan whose own case is purged already, and goes with the person when it is cleared', async () => {
    const { first, second, contactId } = await demandedTogether();
    await settle(second, '2026-05-05');
    const holdId = await hold(second);
    expect(await purge(addDays(keptUntil, 1))).toEqual([first.loanId]);
    await database.owner.query('update loan_case set purged_at = now() where loan_id = $1', [second.loanId]);
    expect(await leftOf(contactId)).toEqual(whole);
    await clearHold(database.pool, first.customerId, holdId, clearing);
    expect(await purge(addDays(keptUntil, 1))).toEqual([first.customerId]);
    expect(await leftOf(contactId)).toEqual(nothing);
  });

  it('leaves a ledger that is sound', async () => {
    const findings: unknown[] = [];
    await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toEqual([]);
  });
});
