import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ReplyWords, understandReply } from '../../src/domain/reply';
import { readReplies } from '../../src/policy/replies';
import { defaultReplies } from '../../src/project-root';
import { judgeContent } from '../../src/domain/contact/judge-content';
import { renderText } from '../../src/policy/liquid';
import { shippedPack } from '../policy/sources';
import { parseMajor } from '../../src/domain/money';

const today = '2026-11-24';
let words: ReplyWords;
beforeAll(async () => {
  ({ words } = await readReplies(defaultReplies));
});

describe('what a borrower writes is understood as', () => {
  it.each([
    // Twilio's own words, the words of 47 CFR 64.1200(a)(10), and those of mainland China.
    ...['stop', 'STOPALL', 'stop all', 'Unsubscribe', 'cancel', 'END', 'quit', 'revoke', 'opt out', 'OPT-OUT', 'optout']
      .concat(['TD', 't', 'ＴＤ', '退订', '拒收。', ' Stop. ', '“STOP”'])
      .map((text) => [text, 'stop'] as const),
    ...['START', 'unstop', '恢复订阅'].map((text) => [text, 'resume'] as const),
    ['Yes', 'other'],
    ...[
      ...["Please don't text me any more", 'do not contact me again', 'STOP!!! I told you', 'leave me alone'],
      ...['remove me from your list', 'no more messages please', 'wrong number', 'I never want to get your texts'],
      ...['stop sending me this', 'I want to opt out of this', 'I paid, stop texting me', 'Don’t call me at work'],
      ...['别再发了', '不要再给我发短信', '请勿打扰', '你打错了', '不想再收到短信', '别给我打电话', '我要退订这个'],
    ].map((text) => [text, 'possible-stop'] as const),
    ...['I paid yesterday', 'already transferred it', '已还', '我已经还款了', '刚刚还清'].map(
      (text) => [text, 'paid'] as const,
    ),
    ...["I haven't paid yet", 'I get paid on Friday', '还没还', '没还清'].map((text) => [text, 'other'] as const),
    ...['call me', 'Please give me a call after 5', '给我打电话', '请联系我'].map((text) => [text, 'call-me'] as const),
    ...['Who are you?', 'Please stop by on Tuesday', '你好', '?', ''].map((text) => [text, 'other'] as const),
  ])('%j: %s', (text, kind) => {
    expect(understandReply(text, words, today).kind).toBe(kind);
  });

  it.each<[string, string | null, string | null]>([
    ['PROMISE 2026-12-01 500', '2026-12-01', '500'],
    ['promise 2026/12/1 1,500.50 CNY', '2026-12-01', '1,500.50'],
    ['承诺 12月1日 500', '2026-12-01', '500'],
    ['承诺还款：2026年12月1日，500元', '2026-12-01', '500'],
    ['承诺 １２月１日 ５００', '2026-12-01', '500'],
    ['承诺 1月5日 300', '2027-01-05', '300'],
    ['承诺 11月20日 300', '2026-11-20', '300'],
    ['PROMISE 500', null, '500'],
    ['PROMISE 2026-02-30 500', null, '500'],
    ['PROMISE 2026-12-01', '2026-12-01', null],
    ['PROMISE', null, null],
  ])('a promise: %j is %s, %s', (text, day, amount) => {
    expect(understandReply(text, words, today)).toEqual({ kind: 'promise', day, amount });
  });

  it.each<[string, string, number | null]>([
    ['500', 'CNY', 50_000],
    ['1,500.5', 'CNY', 150_050],
    ['500', 'JPY', 500],
    ['0.005', 'KWD', 5],
    ['500.123', 'CNY', null],
    ['1,50', 'CNY', null],
    ['99999999999', 'CNY', null],
  ])('an amount: %j in %s is %s', (text, currency, minor) => {
    expect(parseMajor(text, currency)).toBe(minor);
  });
});

describe('what the bank answers by itself', () => {
  it.each(['zh', 'en'] as const)(
    'names the debt collector where a rule has every message say so, the confirmation of an opt-out too (%s)',
    async (language) => {
      const { texts } = await readReplies(defaultReplies);
      const bank = { name: 'Example Agency', phone: '+12025550100' };
      const rules = shippedPack('us-regf').rules.filter(({ kind }) => kind === 'contentRequire');
      for (const name of ['opt-out-confirm', 'promise-taken', 'promise-refused'] as const) {
        const faults = (collector: boolean) => {
          const more = { collector, day: '2026-12-01', lastDay: '2026-12-01', amount: '$5' };
          const body = renderText(texts[name][language], { bank, ...more });
          const purpose = name === 'opt-out-confirm' ? 'opt-out-confirm' : 'plan-confirm';
          const content = {
            channel: 'sms',
            purpose,
            language,
            subject: null,
            body,
            tags: null,
            sender: bank.name,
          } as const;
          return judgeContent(content, [{ rules }], { day: today, first: false, flags: [] });
        };
        expect(faults(true)).toEqual([]);
        expect(faults(false).map(({ rule }) => rule)).toEqual(['US-REGF-MINIMIRANDA-LATER']);
      }
    },
  );
});
