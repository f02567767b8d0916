import { describe, expect, it } from '@jest/globals';
import { judgeContent } from '../../src/domain/contact/judge-content';
import { limitedMessage, type LimitedPart } from '../../src/domain/call/limited-message';
import { voicemailFor } from '../../src/cases/leave-voicemail';
import { shippedPack } from '../policy/sources';

const needed: readonly LimitedPart[] = [
  { kind: 'business-name', name: 'Example Bank' },
  { kind: 'person-name', name: 'Robin Zhou' },
  { kind: 'request-to-reply' },
  { kind: 'call-back-number', number: '+12025550100' },
];
const allowed: readonly LimitedPart[] = [
  { kind: 'salutation' },
  ...needed,
  { kind: 'date-time', text: '2026-03-02 10:30' },
  { kind: 'suggested-times', from: '09:00', to: '17:00' },
  { kind: 'any-representative' },
];

describe('a limited-content message', () => {
  it('says its four parts, and nothing else', () => {
    expect(limitedMessage(needed, 'en')).toBe(
      'This is Example Bank. My name is Robin Zhou. Please call back. The number is 1 2 0 2 5 5 5 0 1 0 0.',
    );
    expect(limitedMessage(needed, 'zh')).toBe(
      '这里是Example Bank。我是Robin Zhou。请回电。电话1 2 0 2 5 5 5 0 1 0 0。',
    );
  });

  it('may also greet, say when it is and when to call, and that anybody can help', () => {
    expect(limitedMessage(allowed, 'en')).toBe(
      'Hello. This is Example Bank. My name is Robin Zhou. Please call back. The number is 1 2 0 2 5 5 5 0 1 0 0. ' +
        'It is 2026-03-02 10:30. A good time is between 09:00 and 17:00. You may speak with any representative.',
    );
  });

  it.each(['zh', 'en'] as const)('breaks no rule of content of any pack in %s', (language) => {
    const packs = ['house', 'cn', 'us-regf', 'us-ma', 'uk', 'eu', 'in'].map(shippedPack);
    const call = {
      channel: 'call',
      purpose: 'location-info',
      subject: null,
      tags: [],
      sender: 'Example Bank',
    } as const;
    const content = { ...call, language, body: limitedMessage(allowed, language) };
    expect(judgeContent(content, packs, { day: '2026-11-24', first: true, flags: [] })).toEqual([]);
  });

  it.each([0, 1, 2, 3])('is refused without its part %i, and with that part twice', (index) => {
    const part = needed[index]!;
    expect(() =>
      limitedMessage(
        needed.filter((one) => one !== part),
        'en',
      ),
    ).toThrow(`${part.kind} exactly once`);
    expect(() => limitedMessage([...needed, part], 'en')).toThrow(`${part.kind} exactly once`);
  });

  it.each<[string, unknown]>([
    ['a part that is not on the list', { kind: 'amount', minor: 100_000 }],
    ['words of its own', { kind: 'text', text: 'This is an attempt to collect a debt.' }],
    ['a greeting twice', { kind: 'salutation' }],
    ['a sentence for a date', { kind: 'date-time', text: 'the day your payment is due' }],
    ['a sentence for a time', { kind: 'suggested-times', from: 'before we sue', to: '17:00' }],
  ])('is refused with %s', (_what, part) => {
    const parts = [...needed, { kind: 'salutation' }, part] as LimitedPart[];
    expect(() => limitedMessage(parts, 'en')).toThrow('a limited-content message has');
  });

  it.each<[string, LimitedPart]>([
    ['a sentence for a name', { kind: 'person-name', name: 'Robin: pay 100 today' }],
    ['a number that is none', { kind: 'call-back-number', number: '1-800-PAY-NOW' }],
  ])('is refused with %s', (_what, part) => {
    const parts = needed.map((one) => (one.kind === part.kind ? part : one));
    expect(() => limitedMessage(parts, 'en')).toThrow('a limited-content message has');
  });
});

describe('the message of a bank', () => {
  const of = (name: string, number: string) => {
    const gate = { inForce: { actor: 'AGENCY', changes: [], packs: ['house', 'us-regf'].map(shippedPack) } } as const;
    return voicemailFor({ bank: { name, phone: number }, gate }, 'Ana Zhou', 'zh', '2026-11-24')?.text ?? null;
  };

  it('gives its hotline, however it is written', () => {
    expect(of('示例银行', '95599')).toContain('电话9 5 5 9 9。');
    expect(of('示例银行', '+44 7700 900000')).toContain('电话4 4 7 7 0 0 9 0 0 0 0 0。');
  });

  it.each([
    ['whose name shows that debts are collected', 'Example Debt Services', '95599'],
    ['whose name is a sentence', 'Pay now: Example Bank!', '95599'],
    ['without a number', 'Example Bank', 'our hotline'],
  ])('%s is not left at all', (_what, name, number) => {
    expect(of(name, number)).toBeNull();
  });
});
