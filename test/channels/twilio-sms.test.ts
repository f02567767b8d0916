import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { ProviderUnreachable, type SendOutcome } from '../../src/channels/outcome';
import { startLocalProviders, type LocalProviders } from '../../src/channels/local/local-providers';
import { createTwilioSms, type SmsChannel } from '../../src/channels/twilio-sms';

const to = '+447700900123';
const timeoutMs = 400;
let providers: LocalProviders;
let sms: SmsChannel;
let texts = 0;

beforeAll(async () => {
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0, callbackDelayMs: 20 });
  sms = createTwilioSms({ ...providers.twilio, timeoutMs });
});
afterAll(() => providers.stop());

function send(over: { to?: string; body?: string; channel?: SmsChannel } = {}): Promise<SendOutcome> {
  return (over.channel ?? sms).send({
    to: over.to ?? to,
    body: over.body ?? 'Please call us.',
    statusCallbackUrl: 'http://127.0.0.1:9/none',
    validityPeriodSeconds: 90_000,
  });
}

const freshBody = () => `Please call us, reference ${++texts}.`;

describe('an SMS that Twilio takes', () => {
  it('is accepted under the id Twilio gave it, with the text and the sender unchanged', async () => {
    const body = '您好,请致电 +1 202 555 0123 — 谢谢';
    const outcome = await send({ body });
    expect(outcome).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/) });
    const [kept] = providers.outbox.list({ to, limit: 1 });
    expect(kept).toMatchObject({ body, from: '+15005550006', headers: { 'validity-period': '36000' } });
  });

  it('may be sent by a messaging service instead of a number', async () => {
    const { baseUrl, accountSid, authToken } = providers.twilio;
    const messagingServiceSid = `MG${'a'.repeat(32)}`;
    const channel = createTwilioSms({ baseUrl, accountSid, authToken, messagingServiceSid, timeoutMs });
    expect(await send({ channel })).toMatchObject({ kind: 'accepted' });
    expect(providers.outbox.list({ to, limit: 1 })[0]?.headers['messaging-service-sid']).toBe(messagingServiceSid);
  });
});

describe('an SMS that Twilio refuses was not sent, and the effect says what to do', () => {
  it.each([
    ['+15005550001', '21211', 'bad-contact-point'],
    ['+15005550002', '21612', 'configuration'],
    ['+15005550003', '21408', 'configuration'],
    ['+15005550004', '21610', 'opt-out'],
    ['+15005550009', '21614', 'no-sms'],
    ['not a number', '21211', 'bad-contact-point'],
    ['', '21604', 'bad-contact-point'],
  ])('to %p: %s, %s', async (recipient, code, effect) => {
    expect(await send({ to: recipient })).toMatchObject({ kind: 'refused', code, effect });
    expect(providers.outbox.list({ to: recipient, limit: 1 })).toEqual([]);
  });

  it('without a text: 21602, content', async () => {
    expect(await send({ body: '' })).toMatchObject({ kind: 'refused', code: '21602', effect: 'content' });
  });

  it('from a number that cannot send SMS: 21606, configuration', async () => {
    const channel = createTwilioSms({ ...providers.twilio, from: '+15005550007', timeoutMs });
    expect(await send({ channel })).toMatchObject({ kind: 'refused', code: '21606', effect: 'configuration' });
  });

  it('with a wrong token: 20003, configuration', async () => {
    const channel = createTwilioSms({ ...providers.twilio, authToken: 'wrong', timeoutMs });
    expect(await send({ channel })).toMatchObject({ kind: 'refused', code: '20003', effect: 'configuration' });
  });

  it('never repeats the number or the text that the provider quoted', async () => {
    const outcome = await send({ to: '+15005550004', body: 'a private matter' });
    expect(JSON.stringify(outcome)).not.toMatch(/5005550004|private/);
  });
});

describe('an SMS that may be tried again', () => {
  it('is busy on HTTP 429, for as long as Twilio says', async () => {
    providers.faults.sms.next('429');
    expect(await send()).toEqual({ kind: 'busy', retryAfterMs: 1000 });
  });

  it('is busy when the sender has too much in its queue', async () => {
    const channel = createTwilioSms({ ...providers.twilio, from: '+15005550008', timeoutMs });
    expect(await send({ channel })).toEqual({ kind: 'busy', retryAfterMs: null });
  });

  it('is busy when nobody listens at all', async () => {
    const channel = createTwilioSms({ ...providers.twilio, baseUrl: 'http://127.0.0.1:9', timeoutMs });
    expect(await send({ channel })).toEqual({ kind: 'busy', retryAfterMs: null });
  });
});

describe('an SMS whose outcome is unknown', () => {
  it.each([
    ['500', '+12025550131'],
    ['no-answer', '+12025550132'],
    ['cut-before-accept', '+12025550133'],
  ] as const)(
    'after %s is not found, as it was never taken',
    // Each to a number of its own, to which nothing else was sent.
    async (fault, recipient) => {
      const wanted = { to: recipient, body: freshBody(), sinceMs: Date.now() };
      providers.faults.sms.next(fault);
      const outcome = await send(wanted);
      expect(outcome.kind).toBe('unknown');
      expect(JSON.stringify(outcome)).not.toMatch(/20255501|reference/);
      expect(await sms.find(wanted)).toEqual([]);
    },
  );

  it('after a cut is found if it was taken, queued or sent', async () => {
    const wanted = { to, body: freshBody(), sinceMs: Date.now() };
    providers.faults.sms.next('cut-after-accept');
    expect((await send(wanted)).kind).toBe('unknown');
    const whileQueued = await findSame(wanted);
    expect(whileQueued).toEqual([expect.stringMatching(/^SM/)]);
    await expectSoon(() => providers.outbox.find(whileQueued[0]!)?.status === 'delivered');
    expect(await findSame(wanted)).toEqual(whileQueued);
  });

  it('is sent once: nothing is tried again behind our back', async () => {
    const body = freshBody();
    providers.faults.sms.next('500');
    await send({ body });
    expect(providers.outbox.list({ limit: 100 }).filter((message) => message.body === body)).toEqual([]);
  });

  it('is not mistaken for an older message with the same text, one to another number, or one with another text', async () => {
    const body = freshBody();
    await send({ body });
    expect(await sms.find({ to, body, sinceMs: Date.now() + 3_600_000 })).toEqual([]);
    expect(await sms.find({ to: '+447700900124', body, sinceMs: Date.now() })).toEqual([]);
    expect(await findSame({ to, body: `${body} `, sinceMs: Date.now() })).toEqual([]);
  });

  it('is looked for among what this sender wrote: other systems of the bank use the account too', async () => {
    const wanted = { to: '+12025550124', body: freshBody(), sinceMs: Date.now() };
    const another = createTwilioSms({ ...providers.twilio, from: '+15005550010', timeoutMs });
    const taken = { to: wanted.to, statusCallbackUrl: 'http://127.0.0.1:9/', validityPeriodSeconds: 600 };
    expect((await another.send({ ...taken, body: 'Your code is 123456' })).kind).toBe('accepted');
    expect(await sms.find(wanted)).toEqual([]);
    await send({ to: wanted.to });
    expect(await sms.find(wanted)).toMatchObject([{ sameText: false }]);
  });

  it('is found behind many later ones, which the local server lists page by page', async () => {
    const wanted = { to: '+12025550123', body: freshBody(), sinceMs: Date.now() };
    const accepted = await send(wanted);
    await Promise.all(Array.from({ length: 60 }, () => send({ to: wanted.to })));
    expect(await findSame(wanted)).toEqual([accepted.kind === 'accepted' ? accepted.providerId : 'accepted']);
    const client = twilio(providers.twilio.accountSid, providers.twilio.authToken);
    client.api.baseUrl = providers.twilio.baseUrl;
    const paged = await client.messages.list({ to: wanted.to, pageSize: 20 });
    expect(new Set(paged.map(({ sid }) => sid)).size).toBe(61);
  });

  it('stays unknown while the provider cannot be asked, and the error names nobody', async () => {
    const channel = createTwilioSms({ ...providers.twilio, baseUrl: 'http://127.0.0.1:9', timeoutMs });
    const asked = channel.find({ to, body: 'a private matter', sinceMs: Date.now() });
    await expect(asked).rejects.toThrow(ProviderUnreachable);
    await expect(asked).rejects.not.toThrow(/7700900123|private/);
  });
});

async function findSame(wanted: Parameters<typeof sms.find>[0]): Promise<string[]> {
  return (await sms.find(wanted)).filter(({ sameText }) => sameText).map(({ providerId }) => providerId);
}

async function expectSoon(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !holds(); turn++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}
