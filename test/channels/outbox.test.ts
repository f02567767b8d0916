import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createOutbox, type OutboxMessage } from '../../src/channels/local/outbox';

const folder = mkdtempSync(path.join(tmpdir(), 'arrears-outbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

function message(id: string, over: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id,
    channel: 'sms',
    to: '+12025550123',
    from: '+15005550006',
    subject: null,
    body: 'Please call us.',
    providerId: id,
    receivedAt: '2026-01-05T09:00:00.000Z',
    status: 'queued',
    headers: {},
    ...over,
  };
}

describe('the outbox', () => {
  it('lists the newest first, by recipient and channel', () => {
    const outbox = createOutbox();
    outbox.add(message('a'));
    outbox.add(message('b', { channel: 'email', to: 'li@example.cn' }));
    outbox.add(message('c'));
    expect(outbox.list({ limit: 10 }).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(outbox.list({ channel: 'email', limit: 10 }).map(({ id }) => id)).toEqual(['b']);
    expect(outbox.list({ to: '+12025550123', limit: 1 }).map(({ id }) => id)).toEqual(['c']);
  });

  it('keeps no more than it may, and lets the oldest go', () => {
    const outbox = createOutbox({ maxMessages: 2 });
    for (const id of ['a', 'b', 'c']) outbox.add(message(id));
    expect(outbox.list({ limit: 10 }).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('has what was sent after a restart, even when the last line was cut short', () => {
    const file = path.join(folder, 'outbox.ndjson');
    const first = createOutbox({ file });
    first.add(message('a'));
    first.add(message('b'));
    first.setStatus('a', 'delivered');
    appendFileSync(file, '{"id":"c","chan');
    const second = createOutbox({ file });
    expect(second.list({ limit: 10 }).map(({ id, status }) => [id, status])).toEqual([
      ['b', 'queued'],
      ['a', 'delivered'],
    ]);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });
});
