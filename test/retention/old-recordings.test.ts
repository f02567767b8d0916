import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { readPacksInForce } from '../../src/policy/packs-in-force';
import { defaultPacksInForce } from '../../src/project-root';
import { keepRecords } from '../../src/retention/daily';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { closeCase } from '../../src/store/cases';
import { claimContact } from '../../src/store/contacts';
import type { Loan } from '../../src/store/loans';
import { postPayment } from '../../src/store/payments';
import { addRecording, getRecording } from '../../src/store/recordings';
import { addOpenCase, openedAtMs, sampleContact, samplePayment } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let keeping: RecordKeeping;
const removed: string[] = [];
const provider = {
  removeRecording: (sid: string) => {
    removed.push(sid);
    return Promise.resolve(true);
  },
};
const dueMs = Date.parse('2026-06-01T04:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  const { packs } = await readPacksInForce(defaultPacksInForce);
  keeping = { policies: createPublishedPolicies(), policyId: 'retail', packs };
});
afterAll(() => database.drop());

/** A call whose recording is due, of a closed case. */
async function recordedCall(): Promise<{ loan: Loan; recordingId: string; sid: string }> {
  const { pool } = database;
  const loan = await addOpenCase(pool);
  const { contact } = await claimContact(pool, sampleContact(loan, { channel: 'call', body: null, contentHash: null }));
  const [recordingId, sid] = [randomUUID(), `RE-${randomUUID()}`];
  await addRecording(pool, {
    ...{ recordingId, contactId: contact.contactId, providerId: sid, url: 'https://provider.example.com/1' },
    ...{ durationSeconds: 60, madeAtMs: openedAtMs, retainUntilMs: dueMs },
  });
  await closeCase(pool, loan.loanId, 1, { closedAtMs: openedAtMs, reason: 'withdrawn' });
  return { loan, recordingId, sid };
}

async function agreeOnPlan({ loanId }: Loan): Promise<void> {
  await database.owner.query(
    `insert into arrangement (arrangement_id, loan_id, case_no, kind, terms, reason, actor, proposed_on, effective_from)
     values ($1, $2, 1, 'extension', '{}', 'hardship', 'jane', '2026-03-01', '2026-03-02')`,
    [`A-${loanId}`, loanId],
  );
}

const daily = (nowMs: number) => keepRecords(database.pool, keeping, provider, nowMs);

describe('the work of a bank day', () => {
  it('deletes recordings whose time is over, those of a plan only when the loan is settled', async () => {
    const [plain, planned] = [await recordedCall(), await recordedCall()];
    await publishPolicyFile(database.pool, 'policies/retail.yaml', 'test');
    await agreeOnPlan(planned.loan);
    expect(await daily(dueMs - 1)).toMatchObject({ recordings: 0 });
    expect(await daily(dueMs)).toMatchObject({ recordings: 1 });
    expect(removed).toEqual([plain.sid]);
    expect((await getRecording(database.pool, plain.recordingId))?.deletedAtMs).toBe(dueMs);

    await postPayment(database.pool, samplePayment(planned.loan.loanId, { amountMinor: 303_000 }));
    expect(await daily(dueMs)).toMatchObject({ recordings: 1 });
    expect(removed).toEqual([plain.sid, planned.sid]);
    expect(await daily(dueMs)).toMatchObject({ recordings: 0 });
  });
});
