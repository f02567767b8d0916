import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcileAttempts } from '../../src/cases/reconcile-attempts';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createTwilioSms, type SmsChannel } from '../../src/channels/twilio-sms';
import { openAttempts } from '../../src/store/open-attempts';
import { claimContact, getContact, setContactState } from '../../src/store/contacts';
import { addOpenCase, openedAtMs, sampleContact } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let providers: LocalProviders;
let sms: SmsChannel;
let numbers = 100;
beforeAll(async () => {
  database = await createTestDatabase();
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
});
afterAll(async () => {
  await providers.stop();
  await database.drop();
});

const body = 'Example Bank: you will get no more messages from us.';

/** An attempt of one of those who share a number, cut off a while ago. */
async function cutOff(to: string): Promise<string> {
  const loan = await addOpenCase(database.pool);
  const wanted = { contactKey: randomUUID(), contactPoint: to, body };
  const { contact } = await claimContact(database.pool, sampleContact(loan, wanted));
  await database.pool.query(
    `update contact set handed_at = now() - interval '30 s', recorded_at = now() - interval '30 s' where contact_id = $1`,
    [contact.contactId],
  );
  await setContactState(database.pool, contact.contactId, { state: 'unknown' });
  return contact.contactId;
}

async function take(to: string, text = body): Promise<string> {
  const sent = await sms.send({ to, body: text, statusCallbackUrl: 'http://127.0.0.1:9/', validityPeriodSeconds: 600 });
  if (sent.kind !== 'accepted') throw new Error(sent.kind);
  return sent.providerId;
}

function ask(): Promise<number> {
  const email = { send: () => Promise.reject(new Error('no mail here')), close: () => undefined };
  const sending = { pool: database.pool, channels: { sms, email }, publicUrl: 'http://127.0.0.1:9', mailDomain: 'a' };
  const deps = { ...sending, nowMs: () => Promise.resolve(openedAtMs), notify: () => Promise.resolve() };
  return reconcileAttempts(deps, { askAfterMs: 0, believeAfterMs: 0 });
}

const fresh = (): string => `+447700900${(numbers += 1)}`;
const stateOf = async (contactId: string) => (await getContact(database.pool, contactId))?.state;

describe('a cut-off SMS that is looked up at the provider', () => {
  it('is not taken for the same text to the same number that another contact has made', async () => {
    const to = fresh();
    const [one, other] = [await cutOff(to), await cutOff(to)];
    await setContactState(database.pool, one, { state: 'placed', providerId: await take(to) });
    await ask();
    expect([await stateOf(one), await stateOf(other)]).toEqual(['placed', 'released']);
  });

  it('stays unknown while the provider shows a message to the number that belongs to nobody', async () => {
    const to = fresh();
    const contactId = await cutOff(to);
    await take(to, 'Another text, or this one as the provider wrote it');
    await ask();
    expect(await stateOf(contactId)).toBe('unknown');
    // Or two that may be it.
    await take(to);
    await take(to);
    await ask();
    expect(await stateOf(contactId)).toBe('unknown');
  });

  it('is looked up however many there are of which nothing is learnt', async () => {
    const ids = [await cutOff(fresh()), await cutOff(fresh()), await cutOff(fresh())];
    const [first] = await openAttempts(database.pool, 0, { after: null, limit: 1 });
    const rest = await openAttempts(database.pool, 0, { after: first!, limit: 100 });
    const seen = [first!, ...rest].map(({ contactId }) => contactId);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });
});
