import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import type { CallFault } from '../../src/channels/local/twilio-voice-handler';
import { createTwilioVoice, type VoiceChannel } from '../../src/channels/twilio-voice';

// Nobody listens there: these are about the answer to the request alone.
const nowhere = 'http://127.0.0.1:9';
const wish = { to: '+12025550142', url: nowhere, statusCallbackUrl: nowhere, ringSeconds: 25 };

let providers: LocalProviders;
let voice: VoiceChannel;
beforeAll(async () => {
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0, callbackDelayMs: 1 });
  voice = createTwilioVoice({ ...providers.twilio, timeoutMs: 300 });
});
afterAll(() => providers.stop());

describe('a request for a call', () => {
  it('that the provider takes has its id', async () => {
    const outcome = await voice.call(wish);
    expect(outcome).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/^CA[0-9a-f]{32}$/) });
  });

  it.each<[CallFault, object]>([
    ['429', { kind: 'busy', retryAfterMs: 1_000 }],
    ['500', { kind: 'unknown' }],
    ['no-answer', { kind: 'unknown' }],
    ['cut-before-accept', { kind: 'unknown' }],
    ['cut-after-accept', { kind: 'unknown' }],
  ])('that meets %s is %j, and is never made again by itself', async (fault, outcome) => {
    providers.faults.call.next(fault);
    expect(await voice.call(wish)).toMatchObject(outcome);
  });

  it.each([
    ['+15005550001', '21211', 'bad-contact-point'],
    ['+15005550002', '21214', 'bad-contact-point'],
  ])('for %s is refused with %s, and the reason repeats no number', async (to, code, effect) => {
    const outcome = await voice.call({ ...wish, to });
    expect(outcome).toMatchObject({ kind: 'refused', code, effect });
    expect(JSON.stringify(outcome)).not.toContain(to);
  });

  it('with the wrong token is refused as a matter of configuration', async () => {
    const stranger = createTwilioVoice({ ...providers.twilio, authToken: 'other', timeoutMs: 300 });
    expect(await stranger.call(wish)).toMatchObject({ kind: 'refused', code: '20003', effect: 'configuration' });
  });
});

describe('a recording', () => {
  const sid = `RE${'0'.repeat(32)}`;
  it('is deleted at the provider, and one that is gone is gone', async () => {
    providers.calls.recordings.add(sid);
    expect(await voice.removeRecording(sid)).toBe(true);
    expect(providers.calls.recordings.has(sid)).toBe(false);
    expect(await voice.removeRecording(sid)).toBe(true);
  });
});
