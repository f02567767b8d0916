import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalProviders, type LocalProviders } from '../../src/channels/local/local-providers';
import { listenOnLoopback } from '../../src/channels/local/loopback';
import type { SendOutcome } from '../../src/channels/outcome';
import { createSmtpMail, type EmailChannel } from '../../src/channels/smtp-mail';

const from = 'Example Bank <service@bank.example.com>';
let providers: LocalProviders;
let mail: EmailChannel;

beforeAll(async () => {
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  mail = createSmtpMail({ url: providers.smtpUrl, from, timeoutMs: 2_000 });
});
afterAll(async () => {
  mail.close();
  await providers.stop();
});

function send(over: { to?: string; messageId?: string; channel?: EmailChannel } = {}): Promise<SendOutcome> {
  return (over.channel ?? mail).send({
    to: over.to ?? 'wang.wei@example.cn',
    subject: '请与我们联系',
    text: 'Please call us.\n\n谢谢',
    messageId: over.messageId ?? 'c-1.1@mail.bank.example.com',
    contactId: 'c-1',
    unsubscribeUrl: 'https://bank.example.com/u/abc',
  });
}

describe('an e-mail that the relay takes', () => {
  it('is accepted under our own Message-ID, which travels with the contact id, text and subject', async () => {
    const outcome = await send({ messageId: 'c-7.1@mail.bank.example.com' });
    expect(outcome).toMatchObject({ kind: 'accepted', providerId: 'c-7.1@mail.bank.example.com' });
    const [kept] = providers.outbox.list({ channel: 'email', limit: 1 });
    expect(kept).toMatchObject({
      to: 'wang.wei@example.cn',
      subject: '请与我们联系',
      body: 'Please call us.\n\n谢谢',
      providerId: '<c-7.1@mail.bank.example.com>',
      headers: { 'message-id': '<c-7.1@mail.bank.example.com>', 'x-intent-id': 'c-1' },
    });
  });

  it('says how to end such mail in one step, that a machine wrote it, and where to report on it', async () => {
    await send();
    const [kept] = providers.outbox.list({ channel: 'email', limit: 1 });
    expect(kept?.headers).toMatchObject({
      'list-unsubscribe': '<https://bank.example.com/u/abc>, <mailto:service@bank.example.com?subject=unsubscribe>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'auto-submitted': 'auto-generated',
      'envelope-id': 'c-1',
    });
  });

  it('bounces to an address of its own where the bank has one for bounces, and still goes to one person', async () => {
    const returnPath = 'bounces@bank.example.com';
    const channel = createSmtpMail({ url: providers.smtpUrl, from, timeoutMs: 2_000, returnPath });
    await send({ channel, to: 'li.na@example.com' });
    const [kept] = providers.outbox.list({ channel: 'email', limit: 1 });
    expect(kept).toMatchObject({ to: 'li.na@example.com', from: '"Example Bank" <service@bank.example.com>' });
    expect(kept?.headers['envelope-from']).toBe('bounces+c-1@bank.example.com');
    channel.close();
  });

  it('is answered, and asked to stop, at the address that it comes from, which is not the one for bounces', async () => {
    const channel = createSmtpMail({
      url: providers.smtpUrl,
      from,
      timeoutMs: 2_000,
      returnPath: 'bounces@example.org',
    });
    await send({ channel });
    const [kept] = providers.outbox.list({ channel: 'email', limit: 1 });
    expect(kept?.headers['reply-to']).toBeUndefined();
    expect(kept?.from).toContain('<service@bank.example.com>');
    expect(kept?.headers['list-unsubscribe']).toContain('<mailto:service@bank.example.com?');
    channel.close();
  });

  it('goes to one person, whatever the address field holds', async () => {
    await send({ to: 'a@example.com, b@example.com' });
    expect(providers.outbox.list({ to: 'a@example.com', limit: 1 })).toEqual([]);
    expect(providers.outbox.list({ to: 'a@example.com, b@example.com', limit: 1 })).toEqual([]);
  });
});

describe('an e-mail that the relay refuses', () => {
  it('with 550 5.1.1 marks the address bad and does not repeat it', async () => {
    const outcome = await send({ to: 'bounce.li@example.com' });
    expect(outcome).toMatchObject({ kind: 'refused', code: '5.1.1', effect: 'bad-contact-point' });
    expect(JSON.stringify(outcome)).not.toMatch(/bounce|example/);
  });

  it('with 452 is busy: nothing was sent and it may be tried again', async () => {
    expect(await send({ to: 'full.li@example.com' })).toEqual({ kind: 'busy', retryAfterMs: null });
  });

  it('leaves the connection fit for the next one', async () => {
    await send({ to: 'bounce.li@example.com' });
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });
});

describe('a connection that fails', () => {
  it('is busy when nobody listens', async () => {
    const channel = createSmtpMail({ url: 'smtp://127.0.0.1:9', from, timeoutMs: 500 });
    expect(await send({ channel })).toEqual({ kind: 'busy', retryAfterMs: null });
    channel.close();
  });

  it('is busy when it is cut before the message', async () => {
    providers.faults.email.next('cut-before-data');
    expect(await send({ to: 'cut-before@example.com' })).toEqual({ kind: 'busy', retryAfterMs: null });
    expect(providers.outbox.list({ to: 'cut-before@example.com', limit: 1 })).toEqual([]);
  });

  it('is unknown when it is cut after the message, which is not sent a second time', async () => {
    providers.faults.email.next('cut-after-data');
    const outcome = await send({ to: 'cut-after@example.com' });
    expect(outcome.kind).toBe('unknown');
    expect(JSON.stringify(outcome)).not.toMatch(/cut-after/);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(providers.outbox.list({ to: 'cut-after@example.com', limit: 10 })).toHaveLength(1);
  });
});

describe('a relay that answers by the book', () => {
  // Each script answers the commands it names; everything else gets 250. 'cut:' ends the line within the answer.
  it.each<[string, Record<string, string>, Partial<SendOutcome>]>([
    ['a greeting of 554', { '': '554 no service' }, { kind: 'busy' }],
    ['421 to EHLO', { EHLO: '421 4.3.2 shutting down', HELO: '421 4.3.2 shutting down' }, { kind: 'busy' }],
    ['550 5.7.1 to the sender', { MAIL: '550 5.7.1 not allowed' }, { kind: 'refused', effect: 'configuration' }],
    ['550 5.7.1 to the recipient', { RCPT: '550 5.7.1 policy' }, { kind: 'refused', effect: 'none' }],
    ['a bare 550 to the recipient', { RCPT: '550 no such user' }, { kind: 'refused', effect: 'bad-contact-point' }],
    ['550 5.7.26 to the message', { '.': '550 5.7.26 DMARC' }, { kind: 'refused', effect: 'configuration' }],
    ['554 to the message', { '.': '554 looks like spam' }, { kind: 'refused', effect: 'content' }],
    ['451 to the message', { '.': '451 4.3.0 try later' }, { kind: 'busy' }],
    ['no answer to the message', { '.': '' }, { kind: 'unknown' }],
    ['a farewell cut short after the message', { '.': 'cut:421 4.3.2 shutting down' }, { kind: 'unknown' }],
    ['a farewell cut short before it', { RCPT: 'cut:421 4.3.2 shutting down' }, { kind: 'busy' }],
    ['no answer to the recipient', { RCPT: '' }, { kind: 'busy' }],
  ])('%s', async (_what, script, expected) => {
    const relay = await startScriptedRelay(script);
    const channel = createSmtpMail({ url: relay.url, from, timeoutMs: 400 });
    expect(await send({ channel })).toMatchObject(expected);
    channel.close();
    relay.stop();
  });

  it('a password that is refused is ours to put right', async () => {
    const relay = await startScriptedRelay({ EHLO: '250-relay\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 no' });
    const channel = createSmtpMail({ url: relay.url.replace('//', '//user:wrong@'), from, timeoutMs: 400 });
    expect(await send({ channel })).toMatchObject({ kind: 'refused', code: '5.7.8', effect: 'configuration' });
    channel.close();
    relay.stop();
  });
});

async function startScriptedRelay(script: Record<string, string>): Promise<{ url: string; stop(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const reply = (line = '250 ok') => {
      if (line.startsWith('cut:')) socket.end(line.slice('cut:'.length));
      else if (line !== '') socket.write(`${line}\r\n`);
    };
    reply(script[''] ?? '220 relay');
    let inData = false;
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        const verb = line === '.' ? '.' : (line.split(' ')[0] ?? '').toUpperCase();
        if (inData && verb !== '.') continue;
        inData = verb === 'DATA';
        reply(script[verb] ?? (inData ? '354 go' : undefined));
      }
    });
  });
  const port = await listenOnLoopback(server, 0);
  const stop = () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  };
  return { url: `smtp://127.0.0.1:${port}`, stop };
}
