import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config';
import { judgeContent } from '../../src/domain/contact/judge-content';
import { checkTemplate } from '../../src/policy/check-template';
import { requireNeutralSender } from '../../src/service/neutral-sender';
import { formatProblem } from '../../src/policy/located-yaml';
import { shippedMessages, shippedPack, shippedRules, shortMessage } from './sources';

const day = '2026-11-24';
const packs = readdirSync('policies/packs').map((file) => file.replace('.yaml', ''));

/** Of every shipped template in each channel and language: the rules of the pack that it breaks. */
function shortOf(pack: string): Record<string, string[]> {
  const rules = { packs: [shippedPack(pack)], day };
  const found = [...shippedMessages].map(([name, source]) => {
    const broken = checkTemplate(name, source, rules).problems.map(
      ({ reason }) => /\(([A-Z][A-Z0-9-]+)/.exec(reason)?.[1] ?? '',
    );
    return [name, [...new Set(broken)].sort()] as const;
  });
  return Object.fromEntries(found.filter(([, broken]) => broken.length > 0));
}

const collectorsWords = ['US-REGF-MINIMIRANDA', 'US-REGF-MINIMIRANDA-LATER'];

describe('the bank’s templates, all channels and languages, with each pack as if it were binding', () => {
  it.each(packs.filter((pack) => pack !== 'us-regf'))('are fit for %s', (pack) => {
    expect(shortOf(pack)).toEqual({});
  });

  it('are short of what a debt collector has to say of itself under us-regf, and of nothing else', () => {
    expect(shortOf('us-regf')).toEqual(
      Object.fromEntries([...shippedMessages.keys()].map((name) => [name, collectorsWords])),
    );
  });

  it('are fit for all packs but that at once', () => {
    const rules = { packs: packs.filter((pack) => pack !== 'us-regf').map(shippedPack), day };
    for (const [name, source] of shippedMessages) expect(checkTemplate(name, source, rules).problems).toEqual([]);
  });
});

describe('a template for the United States', () => {
  const rules = { packs: [...shippedRules.packs, shippedPack('us-regf')], day };
  const sms = (en: string, zh = '') => `purpose: reminder
tags: [INSTITUTION_ID, OPT_OUT, MINI_MIRANDA, COLLECTOR_ID]
sms:
  en: '{{ bank.name }}: {{ total }}. ${en} Reply STOP to opt out.'
  zh: '【{{ bank.name }}】{{ total }}。${zh}回复TD退订'
`;
  const chinese =
    '{% if firstContact %}本信息旨在催收债务,所得信息将用于该目的。{% else %}本信息来自催收机构。{% endif %}';
  const first = 'This is an attempt to collect a debt and any information obtained will be used for that purpose.';
  const problems = (text: string) =>
    checkTemplate('first', { file: 'm.yaml', text }, rules).problems.map(formatProblem);

  it('says one thing in the first message and another in later ones', () => {
    const both = `{% if firstContact %}${first}{% else %}This is from a debt collector.{% endif %}`;
    expect(problems(sms(both, chinese))).toEqual([]);
  });

  it('that says the same in all of them is refused, with file, line, path, rule and reason', () => {
    expect(problems(sms(first, chinese))).toEqual([
      'm.yaml:4:3 sms.en: does not say what its tag COLLECTOR_ID promises (from a debt collector) (US-REGF-MINIMIRANDA-LATER: ' +
        'Every later message says that it comes from a debt collector.)',
    ]);
  });
});

describe('a template of the bank', () => {
  it('without tags is refused at its head, by each rule that asks for one', () => {
    const text = shortMessage.replace('tags: [INSTITUTION_ID, OPT_OUT]\n', '');
    const found = checkTemplate('first', { file: 'm.yaml', text }, shippedRules).problems;
    expect(found.map(formatProblem).map((line) => line.replace(/ \(([A-Z-]+):.*/, ' $1'))).toEqual([
      'm.yaml:1:1 tags: lacks the tag INSTITUTION_ID HOUSE-BANK-NAME',
      'm.yaml:1:1 tags: lacks the tag OPT_OUT HOUSE-HOW-TO-OPT-OUT',
      'm.yaml:1:1 tags: lacks the tag INSTITUTION_ID CN-IDENTIFY',
    ]);
  });

  it.each([
    ['Overdue loan', 'overdue'],
    ['Your debt', 'debt'],
    ['Arrears', 'arrears'],
    ['Notice from collections', 'collection'],
    ['您的欠款', '欠款'],
    ['催收通知', '催收'],
    ['Your loan repayment is 30 days late', 'loan'],
    ['请按时还款', '还款'],
  ])('has no subject that tells who reads along: %s', (subject, word) => {
    const email = `email: { en: { subject: '${subject}', text: '{{ bank.name }}: reply STOP' } }\n`;
    const [problem] = checkTemplate('first', { file: 'm.yaml', text: shortMessage + email }, shippedRules).problems;
    expect(problem).toMatchObject({ path: 'email.en.subject', line: 6 });
    expect(problem?.reason.toLowerCase()).toContain(`must not say "${word}" (house-neutral-subject`);
  });
});

describe('a text in mainland China', () => {
  it.each(["lawyer's letter", 'lawyer’s letter', 'Lawyers letter'])(
    'threatens with no %s, however it is spelt',
    (words) => {
      const content = { channel: 'letter', purpose: 'demand', language: 'en', subject: null, tags: null } as const;
      const said = { ...content, sender: 'Example Bank', body: `Example Bank: next is a ${words}.` };
      const faults = judgeContent(said, [shippedPack('cn')], { day, first: false, flags: [] });
      expect(faults.map(({ rule }) => rule)).toContain('CN-IDENTIFY-BANNED');
    },
  );
});

describe('the name under which the bank writes', () => {
  const start = (changes: Record<string, string>) => () => {
    requireNeutralSender(readConfig(changes), shippedRules.packs);
  };

  it('may be the bank’s', () => {
    expect(start({})).not.toThrow();
  });

  it.each([
    ['MAIL_FROM', 'Example Debt Recovery <service@bank.example.com>'],
    ['MAIL_FROM', 'Example Bank <collections@bank.example.com>'],
    ['BANK_NAME', '示例银行催收部'],
  ])('stops the start when it tells that somebody owes money: %s=%s', (variable, value) => {
    expect(start({ [variable]: value })).toThrow(new RegExp(`${variable}: must not say .*HOUSE-NEUTRAL-SENDER`));
  });
});
