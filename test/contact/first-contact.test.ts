import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Gate } from '../../src/contact/gate';
import { situationOf } from '../../src/contact/read-situation';
import { judgeContact } from '../../src/domain/contact/judge';
import type { Situation } from '../../src/domain/contact/situation';
import { readPacks } from '../../src/policy/contact-pack';
import { openGate } from '../../src/service/case-worker-deps';
import { claimContact, setContactState } from '../../src/store/contacts';
import { putContactPoint, putCustomer } from '../../src/store/customers';
import { linkInbound, recordInbound } from '../../src/store/inbound-messages';
import type { Loan } from '../../src/store/loans';
import { addOpenCase, hourMs, openedAtMs, sampleContact } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

const number = '+12025550123';
const brothers = '+12025550188';
const atMs = openedAtMs + 48 * hourMs;

let database: TestDatabase;
let gate: Gate;
beforeAll(async () => {
  database = await createTestDatabase();
  const usual = await openGate();
  const packs = (await readPacks('policies/packs')).filter(({ id }) => id === 'us-regf');
  gate = { ...usual, inForce: { actor: 'AGENCY', packs, changes: [] } };
});
afterAll(() => database.drop());

async function borrower(): Promise<Loan> {
  const loan = await addOpenCase(database.pool);
  const { customerId } = loan;
  const timezone = 'America/New_York';
  await putCustomer(database.pool, { customerId, name: 'Ana Sample', language: 'en', timezone, preferences: {} });
  await putContactPoint(database.pool, customerId, { kind: 'phone', value: number, rank: 1, state: 'verified' });
  const owner = { partyId: 'brother', partyRole: 'contact' } as const;
  await putContactPoint(database.pool, customerId, {
    ...{ kind: 'phone', value: brothers, rank: 2, state: 'verified' },
    owner,
  });
  return loan;
}

async function made(loan: Loan, changes: Parameters<typeof sampleContact>[1], outcome: string | null): Promise<void> {
  const { contact } = await claimContact(database.pool, sampleContact(loan, { contactKey: randomUUID(), ...changes }));
  await setContactState(database.pool, contact.contactId, { state: 'placed', ...(outcome !== null && { outcome }) });
}

async function ask({ customerId, loanId }: Loan, whenMs = atMs): Promise<Situation> {
  const asked = { contactKey: null, customerId, loanIds: [loanId] };
  const way = { channel: 'sms', purpose: 'legally-required', contactPoint: number } as const;
  return (await situationOf(database.pool, gate, { ...asked, ...way }, whenMs)).situation;
}
const firstOf = ({ events }: Situation): number | undefined =>
  events.find(({ event }) => event === 'initial-communication')?.atMs;

describe('the first communication about a loan', () => {
  it.each(['no-answer', 'voicemail', 'busy', 'other-person', 'wrong-number'])(
    'is no call that ended with %s: nobody was told anything',
    async (outcome) => {
      const loan = await borrower();
      await made(loan, { channel: 'call', template: null, body: null }, outcome);
      expect(firstOf(await ask(loan))).toBeUndefined();
    },
  );

  it('is no conversation with somebody who only knows the borrower', async () => {
    const loan = await borrower();
    const whom = { partyId: 'brother', partyRole: 'contact', purpose: 'location-info' } as const;
    await made(loan, { channel: 'call', contactPoint: brothers, ...whom }, 'spoken-to');
    await made(loan, { channel: 'call', partyId: 'counsel', partyRole: 'attorney' }, 'spoken-to');
    expect(firstOf(await ask(loan))).toBeUndefined();
  });

  it('is the first message or conversation with who owes, whatever was tried before', async () => {
    const loan = await borrower();
    await made(loan, { channel: 'call', atMs: openedAtMs + hourMs }, 'no-answer');
    await made(loan, { channel: 'call', atMs: openedAtMs + 2 * hourMs }, 'spoken-to');
    await made(loan, { channel: 'sms', atMs: openedAtMs + 3 * hourMs }, null);
    expect(firstOf(await ask(loan))).toBe(openedAtMs + 2 * hourMs);
  });

  it('is, to be safe, also a call of which nobody knows how it went', async () => {
    const loan = await borrower();
    await made(loan, { channel: 'call', atMs: openedAtMs + hourMs }, null);
    expect(firstOf(await ask(loan))).toBe(openedAtMs + hourMs);
  });
});

describe('a message from the borrower', () => {
  // 22:30 in Washington: closed, but for an answer.
  const nightMs = Date.parse('2026-03-05T03:30:00Z');
  const write = async (loan: Loan, sender: string, whenMs: number): Promise<void> => {
    const inboundId = randomUUID();
    const said = { body: 'When is it due?', understoodAs: 'other', state: 'done', dueAtMs: null } as const;
    const from = { channel: 'sms', providerId: randomUUID(), sender, atMs: whenMs } as const;
    await recordInbound(database.pool, { inboundId, ...from, ...said });
    await linkInbound(database.pool, inboundId, loan.customerId, null);
  };
  const rulesAgainst = (situation: Situation): readonly string[] => {
    const verdict = judgeContact(situation, gate.inForce.packs, gate.calendars);
    return verdict.kind === 'allow' ? [] : verdict.rules.filter((rule) => /TIME|QUIET/.test(rule));
  };
  const night = ({ ...situation }: Situation): Situation => ({
    ...situation,
    grants: [{ grant: 'direct-consent', channel: 'sms', contactPoint: number, atMs: openedAtMs, untilMs: null }],
  });

  it('opens the conversation: one answer the same way may come at an hour that is closed otherwise', async () => {
    const loan = await borrower();
    expect(rulesAgainst(night(await ask(loan, nightMs)))).toEqual([
      ...['US-REGF-TIME', 'US-REGF-TIME-CONFLICT', 'US-TCPA-QUIET'],
    ]);
    await write(loan, number, nightMs - 60_000);
    expect(rulesAgainst(night(await ask(loan, nightMs)))).toEqual([]);
    await made(loan, { channel: 'sms', atMs: nightMs - 30_000 }, null);
    expect(rulesAgainst(night(await ask(loan, nightMs)))).not.toEqual([]);
  });

  it('opens nothing when somebody else wrote it, or for longer than a day', async () => {
    const loan = await borrower();
    await write(loan, brothers, nightMs - 60_000);
    await write(loan, number, nightMs - 24 * hourMs);
    expect(rulesAgainst(night(await ask(loan, nightMs)))).not.toEqual([]);
  });
});
