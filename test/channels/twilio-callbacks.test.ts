import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { startLocalProviders, type LocalProviders } from '../../src/channels/local/local-providers';
import { listenOnLoopback } from '../../src/channels/local/loopback';
import { describeTwilioError } from '../../src/channels/twilio-errors';
import { createTwilioVerifier, type TwilioRequest } from '../../src/channels/twilio-signature';
import { createTwilioSms } from '../../src/channels/twilio-sms';

const authToken = '12345';
const vector: TwilioRequest = {
  pathAndQuery: '/myapp.php?foo=1&bar=2',
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
  params: {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  },
};

describe('the signature of a webhook', () => {
  const verify = createTwilioVerifier({ authToken, publicUrl: 'https://mycompany.com' });

  it("holds for the vector of Twilio's own tests", () => {
    expect(verify(vector)).toBe(true);
  });

  it.each<[string, Partial<TwilioRequest>]>([
    ['a changed field', { params: { ...vector.params, Digits: '1235' } }],
    ['an added field', { params: { ...vector.params, Extra: '1' } }],
    ['another path', { pathAndQuery: '/other.php?foo=1&bar=2' }],
    ['another query', { pathAndQuery: '/myapp.php?foo=1&bar=3' }],
    ['an absolute target', { pathAndQuery: 'https://mycompany.com/myapp.php?foo=1&bar=2' }],
    ['another signature', { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B9=' }],
    ['an empty signature', { signature: '' }],
    ['no signature', { signature: undefined }],
  ])('does not hold for %s', (_what, change) => {
    expect(verify({ ...vector, ...change })).toBe(false);
  });

  it('is checked against the configured public URL, its path prefix included, and no other', () => {
    expect(createTwilioVerifier({ authToken, publicUrl: 'https://mycompany.com/' })(vector)).toBe(true);
    expect(createTwilioVerifier({ authToken, publicUrl: 'https://other.example' })(vector)).toBe(false);
    expect(createTwilioVerifier({ authToken, publicUrl: 'https://mycompany.com/app' })(vector)).toBe(false);
  });

  it('holds with and without the port in what was signed, and for a field that came more than once', () => {
    const signed = (url: string, params: TwilioRequest['params']): string =>
      twilio.getExpectedTwilioSignature(authToken, url, params as Record<string, string>);
    const params = { ...vector.params, MediaUrl: ['b', 'a', 'b'] };
    for (const host of ['https://mycompany.com', 'https://mycompany.com:443']) {
      const signature = signed(`${host}${vector.pathAndQuery}`, params);
      expect(verify({ ...vector, params, signature })).toBe(true);
      expect(verify({ ...vector, params: { ...params, MediaUrl: ['a', 'c'] }, signature })).toBe(false);
    }
  });

  it('cannot be configured with an empty token, which anyone could sign with', () => {
    expect(() => createTwilioVerifier({ authToken: '', publicUrl: 'https://mycompany.com' })).toThrow('empty');
  });
});

describe('what the local provider reports', () => {
  const received: TwilioRequest[] = [];
  let providers: LocalProviders;
  let publicUrl: string;
  const webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        pathAndQuery: request.url ?? '',
        signature: request.headers['x-twilio-signature'] as string,
        params: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
      });
      response.writeHead(204).end();
    });
  });

  beforeAll(async () => {
    publicUrl = `http://127.0.0.1:${await listenOnLoopback(webhook, 0)}`;
    providers = await startLocalProviders({ smsPort: 0, smtpPort: 0, callbackDelayMs: 10 });
  });
  afterAll(async () => {
    await providers.stop();
    webhook.closeAllConnections();
    await new Promise((resolve) => webhook.close(resolve));
  });

  it('comes as queued, sent, delivered, each signed so that it verifies and a tampered one does not', async () => {
    const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 500 });
    const statusCallbackUrl = `${publicUrl}/v1/webhooks/twilio/status?contact=c-1`;
    const outcome = await sms.send({
      to: '+12025550123',
      body: 'Please call us.',
      statusCallbackUrl,
      validityPeriodSeconds: 3600,
    });
    while (received.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));

    expect(received.map(({ params }) => params['MessageStatus'])).toEqual(['queued', 'sent', 'delivered']);
    expect(received.map(({ params }) => params['MessageSid'])).toEqual(
      Array(3).fill(outcome.kind === 'accepted' ? outcome.providerId : null),
    );
    const verify = createTwilioVerifier({ authToken: providers.twilio.authToken, publicUrl });
    expect(received.map(verify)).toEqual([true, true, true]);
    const tampered = { ...received[1]!, params: { ...received[1]!.params, MessageStatus: 'failed' } };
    expect(verify(tampered)).toBe(false);
  });

  it("is signed for a customer's reply too", async () => {
    const status = await providers.reply({
      webhookUrl: `${publicUrl}/v1/webhooks/twilio/inbound`,
      from: '+447700900123',
      to: providers.twilio.from,
      body: '退订',
    });
    expect(status).toBe(204);
    const verify = createTwilioVerifier({ authToken: providers.twilio.authToken, publicUrl });
    expect(verify(received.at(-1)!)).toBe(true);
    expect(received.at(-1)!.params).toMatchObject({ Body: '退订', From: '+447700900123' });
  });
});

describe('the error code of a delivery that failed', () => {
  it.each([
    [30005, 'bad-contact-point'],
    [30006, 'no-sms'],
    [30003, 'none'],
    [30007, 'content'],
    [30034, 'configuration'],
    [30036, 'none'],
    [99999, 'none'],
  ])('%d has the effect %s', (code, effect) => {
    expect(describeTwilioError(code).effect).toBe(effect);
  });
});
