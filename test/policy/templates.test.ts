import { describe, expect, it } from '@jest/globals';
import type { Language } from '../../src/domain/policy';
import { Refusal } from '../../src/domain/refusal';
import { checkTemplate } from '../../src/policy/check-template';
import { formatProblem } from '../../src/policy/located-yaml';
import type { MessageTemplate, Templates } from '../../src/policy/message-template';
import { type MessageVariables, sampleVariables } from '../../src/policy/message-variables';
import { renderMessage } from '../../src/policy/templates';
import { problemsOfPolicy, shippedMessages, shippedRules, shortMessage, shortPolicy } from './sources';

const [oneLoan, threeLoans] = sampleVariables as readonly [MessageVariables, MessageVariables];

function problemsWith(text: string): readonly string[] {
  return checkTemplate('first', { file: 'm.yaml', text }, shippedRules).problems.map(formatProblem);
}

const shipped: Templates = Object.fromEntries(
  [...shippedMessages].map(
    ([name, source]) => [name, checkTemplate(name, source, shippedRules).template] as [string, MessageTemplate],
  ),
);
const texts = Object.entries(shipped).flatMap(([name, template]) =>
  (['sms', 'email'] as const).flatMap((channel) =>
    Object.keys(template[channel] ?? {}).map((language) => [name, channel, language as Language] as const),
  ),
);

describe('the texts of the bank', () => {
  it('have no problem', () => {
    for (const [name, source] of shippedMessages)
      expect(checkTemplate(name, source, shippedRules).problems).toEqual([]);
  });

  it('are all written in both languages', () => {
    expect(texts.filter(([, , language]) => language === 'zh')).toHaveLength(texts.length / 2);
    expect(texts.length).toBe(24);
  });

  it.each(texts)('%s by %s in %s names the bank and every loan of the borrower', (name, channel, language) => {
    const { body } = renderMessage(shipped, name, channel, language, threeLoans);
    for (const { label } of threeLoans.loans) expect(body).toContain(label);
    expect(body).toContain('Sample Bank');
    expect(body).not.toMatch(/\{\{|\{%|undefined|\[object/);
  });

  it('tell a loan that is due soon from one that is overdue in the same message', () => {
    const { body } = renderMessage(shipped, 'due-soon', 'sms', 'en', threeLoans);
    expect(body).toContain('loan …1003 is due on 2026-11-16');
    expect(body).toContain('loan …1001 was due on 2026-11-01 and we have not yet received it');
  });

  it('offer an arrangement in the follow-up and to those for whom things are hard, and only there', () => {
    const offering = Object.entries(shipped).filter(([, { offers }]) => offers !== undefined);
    expect(offering.map(([name]) => name).sort()).toEqual(['care-check-in', 'care-options', 'follow-up-offer']);
    for (const [, template] of offering)
      expect(template).toMatchObject({ offers: ['arrangement'], purpose: 'plan-offer' });
  });
});

describe('a template', () => {
  it('says what the variables say and nothing before or after it', () => {
    const templates = { first: { purpose: 'reminder', sms: { zh: '\n{{ total }}/{{ loanCount }}\n' } } } as const;
    expect(renderMessage(templates, 'first', 'sms', 'zh', oneLoan)).toEqual({ subject: null, body: '¥1,250.00/1' });
  });

  it('has a subject in an e-mail', () => {
    const { subject } = renderMessage(shipped, 'follow-up-offer', 'email', 'zh', oneLoan);
    expect(subject).toBe('Sample Bank愿为您提供帮助');
  });

  it.each<[string, object, string, 'sms' | 'email', Language, string]>([
    [
      'a variable is missing',
      { loans: [{ label: '…1' }] },
      'first-reminder',
      'sms',
      'en',
      'undefined variable: loan.overdue',
    ],
    ['the template is unknown', {}, 'firts', 'sms', 'en', 'no template "firts"'],
    ['it is a word of the language', {}, 'constructor', 'sms', 'en', 'no template "constructor"'],
    ['the channel is not written', {}, 'due-soon', 'email', 'en', 'template "due-soon" has no email in en'],
  ])('is refused when %s', (_what, changed, name, channel, language, reason) => {
    const variables = { ...oneLoan, ...changed };
    const render = (): unknown => renderMessage(shipped, name, channel, language, variables);
    expect(render).toThrow(Refusal);
    expect(render).toThrow(reason);
  });

  it('says where a variable is missing, and no value of another', () => {
    const variables = { ...oneLoan, borrower: {} } as MessageVariables;
    expect(() => renderMessage(shipped, 'first-reminder', 'email', 'zh', variables)).toThrow(
      expect.objectContaining({ type: 'TemplateInvalid', field: 'first-reminder.email.zh.text' }),
    );
  });

  const inEnglish = (other: string): string => shortMessage.replace('{{ bank.name }}: {{ total }}', other);
  it.each([
    ['no such variable', inEnglish('{{ bank.name }}: {{ sum }}'), 'm.yaml:5:3 sms.en: no variable "sum"'],
    ['no such part of one', inEnglish('{{ bank.fax }}'), 'm.yaml:5:3 sms.en: no variable "bank.fax"'],
    [
      'no such variable where no sample comes',
      inEnglish('{{ bank.name }}{% if loanCount > 9 %}{{ sum }}{% endif %}'),
      'm.yaml:5:3 sms.en: no variable "sum"',
    ],
    [
      'no such figure of a loan',
      inEnglish('{{ bank.name }}{% for loan in loans %}{{ loan.sum }}{% endfor %}'),
      'm.yaml:5:3 sms.en: undefined variable: loan.sum, line:1, col:42',
    ],
    ['another file', inEnglish("{{ bank.name }}{% include ''x'' %}"), 'm.yaml:5:3 sms.en: tag "include" not found'],
    ['another file', inEnglish("{{ bank.name }}{% render ''x'' %}"), 'm.yaml:5:3 sms.en: tag "render" not found'],
    ['a page', inEnglish("{{ bank.name }}{% layout ''x'' %}"), 'm.yaml:5:3 sms.en: tag "layout" not found'],
    [
      'the clock',
      inEnglish("{{ bank.name }}{{ ''now'' | date: ''%Y'' }}"),
      'm.yaml:5:3 sms.en: undefined filter: date',
    ],
    ['a bracket that stays open', inEnglish('{{ bank.name'), 'm.yaml:5:3 sms.en: output "{{ bank.name'],
    [
      'a loop without an end',
      inEnglish('{{ bank.name }}{% for i in (1..900000000) %}.{% endfor %}'),
      'm.yaml:5:3 sms.en: memory alloc limit exceeded',
    ],
    [
      'no bank',
      inEnglish('Hello, {{ total }}'),
      'm.yaml:5:3 sms.en: must name the institution: write {{ bank.name }} (HOUSE-BANK-NAME: ',
    ],
    [
      'no way out',
      shortMessage.replace('回复TD退订', ''),
      'm.yaml:4:3 sms.zh: does not say what its tag OPT_OUT promises (退订) (HOUSE-HOW-TO-OPT-OUT: ',
    ],
    [
      'a threat',
      inEnglish('{{ bank.name }}: pay or we call the police.'),
      'm.yaml:5:3 sms.en: must not say "police" (HOUSE-NO-THREATS: ',
    ],
    ['an overlong message', inEnglish(`{{ bank.name }}${'.'.repeat(1600)}`), 'm.yaml:5:3 sms.en: is longer than 1600'],
    ['a language it does not know', `${shortMessage}  fr: x\n`, 'm.yaml:6:3 sms.fr: is not a word of this document'],
    ['no purpose', shortMessage.replace('reminder', 'revenge'), 'm.yaml:1:1 purpose: must be one of: reminder'],
    [
      'a subject that tells others',
      `${shortMessage}email: { en: { subject: 'Your overdue loan', text: '{{ bank.name }} unsubscribe' } }\n`,
      'm.yaml:6:16 email.en.subject: must not say "overdue" (HOUSE-NEUTRAL-SUBJECT: ',
    ],
  ])('with %s is refused before it is published', (_what, text, expected) => {
    expect(problemsWith(text).map((problem) => problem.slice(0, expected.length))).toContain(expected);
  });

  it('is read only when a policy uses it', () => {
    const broken = { file: 'm.yaml', text: 'purpose: revenge' };
    const unused = new Map([...shippedMessages, ['unused', broken]]);
    expect(problemsOfPolicy(shortPolicy, unused)).toEqual([]);
  });
});
