import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askAgain, callEndsBeforeMs } from '../../src/contact/ask-again';
import { type ContactWish, type Gate, type Passage, passGate } from '../../src/contact/gate';
import { clockFrom, handOver } from '../../src/contact/hand-over';
import { type ReplayedDecision, replayDecisions } from '../../src/contact/replay-decisions';
import { keptWordsOf } from '../../src/policy/contact-pack';
import { openGate } from '../../src/service/case-worker-deps';
import { keepPacks } from '../../src/store/contact-packs';
import { putContactPoint } from '../../src/store/customers';
import { inTransaction } from '../../src/store/database';
import type { Loan } from '../../src/store/loans';
import { addOpenCase } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

const number = '+447700900157';
/** A Monday in Shanghai: ten in the morning, and five. */
const morningMs = Date.parse('2026-03-02T02:00:00Z');
const nightMs = Date.parse('2026-03-01T21:00:00Z');

let database: TestDatabase;
let gate: Gate;
beforeAll(async () => {
  database = await createTestDatabase();
  gate = await openGate();
  await keepPacks(database.pool, keptWordsOf(gate.inForce.packs));
});
afterAll(() => database.drop());

async function borrower(): Promise<Loan> {
  const loan = await addOpenCase(database.pool);
  await putContactPoint(database.pool, loan.customerId, { kind: 'phone', value: number, rank: 1, state: 'verified' });
  return loan;
}

function want({ customerId, loanId }: Loan, atMs: number, changes: Partial<ContactWish> = {}): Promise<Passage> {
  const wish: ContactWish = {
    ...{ contactKey: randomUUID(), customerId, loanId, caseNo: 1, loanIds: [loanId] },
    ...{ channel: 'sms', purpose: 'reminder', contactPoint: number, madeBy: 'policy' },
    ...{ template: 'first-reminder', language: 'en', subject: null, offers: [] },
    ...{ body: 'Meridian Bank: please call us. Reply STOP to opt out.' },
    ...{ tags: ['INSTITUTION_ID', 'OPT_OUT'], sender: 'Meridian Bank' },
    ...changes,
  };
  return inTransaction(database.pool, (tx) => passGate(tx, gate, wish, atMs));
}

async function replayed({ customerId }: Loan): Promise<readonly ReplayedDecision[]> {
  return (await replayDecisions(database.pool, gate.calendars, customerId, { cursor: null, limit: 50 })).items;
}
const resultsOf = (decisions: readonly ReplayedDecision[]): readonly string[] =>
  decisions.flatMap(({ looks }) => looks.map(({ decided, replay }) => `${decided}: ${replay.result}`));

function reservedOf(passage: Passage) {
  if (passage.kind !== 'reserved') throw new Error(`the gate said ${passage.kind}`);
  return passage.contact;
}

describe('a decision about a contact', () => {
  it('is taken again from what is on record: not yet, a text that is not fit, yes, and the look before it was sent', async () => {
    const loan = await borrower();
    await want(loan, nightMs);
    await want(loan, morningMs, { body: 'Pay, or we will have you arrested.', tags: [] });
    const { contactId } = reservedOf(await want(loan, morningMs));
    await inTransaction(database.pool, (tx) => handOver(tx, gate, contactId, clockFrom(morningMs)));
    const results = [...resultsOf(await replayed(loan))].sort();
    expect(results).toEqual(['allow: same', 'allow: same', 'defer: same', 'deny: same']);
  });

  it('that a call may be dialled is taken again as it was asked: also for the minutes that it lasts', async () => {
    const loan = await borrower();
    const nothingWritten = { template: null, language: null, body: null, tags: null, sender: null };
    const call = reservedOf(await want(loan, morningMs, { channel: 'call', purpose: 'follow-up', ...nothingWritten }));
    const again = { aheadMs: callEndsBeforeMs };
    await inTransaction(database.pool, (tx) => askAgain(tx, gate, call, morningMs + 60_000, again));
    const lateMs = Date.parse('2026-03-02T13:57:00Z');
    const late = await inTransaction(database.pool, (tx) => askAgain(tx, gate, call, lateMs, again));
    expect(late.kind).toBe('defer');
    expect(resultsOf(await replayed(loan))).toEqual(['allow: same', 'allow: same', 'defer: same']);
  });

  it('is taken by the packs of its day, whatever was edited since', async () => {
    const loan = await borrower();
    await want(loan, morningMs);
    const today = gate;
    // What a bank that allows nothing any more would have in force.
    gate = { ...today, inForce: { ...today.inForce, packs: [] } };
    try {
      expect(await want(loan, morningMs + 60_000)).toMatchObject({ kind: 'denied' });
      expect(resultsOf(await replayed(loan))).toEqual(['allow: same', 'deny: same']);
    } finally {
      gate = today;
    }
  });

  it('that is not what its packs say of what is on record is shown as such', async () => {
    const loan = await borrower();
    const { contactId } = reservedOf(await want(loan, morningMs));
    // Somebody with every right on the database makes the night of it.
    const at = `verdict = jsonb_set(verdict, '{situation,atMs}', to_jsonb($2::bigint))`;
    await database.owner.query(`update contact set ${at} where contact_id = $1`, [contactId, nightMs]);
    const [decision] = await replayed(loan);
    expect(decision?.looks[0]).toMatchObject({
      decided: 'allow',
      replay: { result: 'differs', now: { decided: 'defer' } },
    });
  });

  it('by a pack whose text nobody kept names its hash', async () => {
    const loan = await borrower();
    const { contactId } = reservedOf(await want(loan, morningMs));
    const hash = 'f'.repeat(64);
    const change = `verdict = jsonb_set(verdict, '{packs,0,contentHash}', to_jsonb($2::text))`;
    await database.owner.query(`update contact set ${change} where contact_id = $1`, [contactId, hash]);
    const [decision] = await replayed(loan);
    expect(decision?.looks[0]?.replay).toEqual({ result: 'pack-not-kept', packs: [hash] });
  });
});

describe('the text of a pack', () => {
  it('stays as it was kept, for good', async () => {
    await expect(database.owner.query(`update contact_pack set written = '{}'`)).rejects.toThrow('append-only');
    await expect(database.owner.query('delete from contact_pack')).rejects.toThrow('append-only');
  });
});
