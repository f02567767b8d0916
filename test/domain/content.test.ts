import { describe, expect, it } from '@jest/globals';
import {
  type Content,
  type ContentOccasion,
  judgeContent,
  mustSayCollector,
  senderFaults,
} from '../../src/domain/contact/judge-content';
import { judgeWithText } from '../../src/contact/fit-text';
import type { Flag } from '../../src/domain/contact/flag';
import { atInstant } from '../../src/domain/contact/manner';
import type { ContactRule } from '../../src/domain/contact/rule';
import { calendars, flag, hours, pack, situation } from './contact-samples';

const optOut = {
  ...{ id: 'OUT', kind: 'contentRequire', channels: ['sms', 'email'], tag: 'OPT_OUT', why: 'A way out.' },
  text: { en: 'reply STOP', zh: '退订' },
} as const satisfies ContactRule;
const threats = {
  ...{ id: 'THREAT', kind: 'contentForbid', channels: ['sms', 'email'], why: 'No threats.' },
  text: { en: '\\b(jail|police)\\b', zh: '坐牢' },
} as const satisfies ContactRule;
const name = {
  ...{ id: 'NAME', kind: 'contentRequire', channels: ['sms', 'email'], tag: 'INSTITUTION_ID', why: 'Who writes.' },
} as const satisfies ContactRule;

const message: Content = {
  ...{ channel: 'sms', purpose: 'reminder', language: 'en', subject: null, sender: 'Sample Bank' },
  body: 'Sample Bank: please call. Reply STOP to opt out.',
  tags: ['OPT_OUT', 'INSTITUTION_ID'],
};
const today: ContentOccasion = { day: '2026-11-24', first: false, flags: [] };

function faultsOf(rule: ContactRule, content: Partial<Content> = {}, occasion: Partial<ContentOccasion> = {}) {
  return judgeContent({ ...message, ...content }, [{ rules: [rule] }], { ...today, ...occasion });
}

describe('a text that must carry something', () => {
  it('is fit when it is tagged and says it', () => {
    expect(faultsOf(optOut)).toEqual([]);
    expect(faultsOf(name)).toEqual([]);
  });

  it.each<[string, ContactRule, Partial<Content>, string]>([
    ['has the words without the tag', optOut, { tags: ['INSTITUTION_ID'] }, 'lacks the tag OPT_OUT'],
    ['has the tag without the words', optOut, { body: 'Sample Bank: call us.' }, 'does not say what its tag OPT_OUT'],
    ['says it in another language', optOut, { language: 'zh' }, 'does not say what its tag OPT_OUT'],
    ['names another institution', name, { sender: 'Other Bank' }, 'must name the institution'],
    ['comes from nobody', name, { sender: null }, 'must name the institution'],
    [
      'is in a language whose words are not known',
      { ...optOut, text: { zh: '退订' } },
      {},
      'cannot be judged in en: no words of OPT_OUT',
    ],
  ])('is refused when it %s', (_what, rule, content, reason) => {
    expect(faultsOf(rule, content)).toEqual([
      expect.objectContaining({ rule: rule.id, reason: expect.stringContaining(reason) }),
    ]);
  });

  it('and was published before there were tags is judged by its words alone', () => {
    expect(faultsOf(optOut, { tags: null })).toEqual([]);
    expect(faultsOf(optOut, { tags: null, body: 'Sample Bank: call us.' })).toHaveLength(1);
    expect(faultsOf({ ...optOut, text: undefined }, { tags: null })).toHaveLength(1);
  });

  it('says as a first message what first messages say, and as a later one what later ones say', () => {
    const [first, later] = [{ ...optOut, when: 'first' } as const, { ...optOut, when: 'later' } as const];
    const silent = { body: 'Sample Bank: call us.' };
    expect(faultsOf(first, silent, { first: true })).toHaveLength(1);
    expect(faultsOf(first, silent, { first: false })).toEqual([]);
    expect(faultsOf(later, silent, { first: true })).toEqual([]);
    expect(faultsOf(later, silent, { first: false })).toHaveLength(1);
  });
});

describe('a text that must not say something', () => {
  it.each<[string, ContactRule, Partial<Content>, Partial<ContentOccasion>, string[]]>([
    ['in its own language', threats, { body: 'Go to JAIL.' }, {}, ['text']],
    ['in another language', threats, { body: 'Pay or 坐牢' }, {}, ['text']],
    ['in the subject', threats, { channel: 'email', subject: 'Police' }, {}, ['subject']],
    ['only as part of another word', threats, { body: 'The policeman’s ball' }, {}, []],
    ['in a part that the rule leaves alone', { ...threats, part: 'subject' }, { body: 'jail' }, {}, []],
    ['by a channel of which the rule does not speak', { ...threats, channels: ['email'] }, { body: 'jail' }, {}, []],
    ['for another purpose', { ...threats, purposes: ['demand'] }, { body: 'jail' }, {}, []],
    ['before the rule is in force', { ...threats, from: '2026-11-25' }, { body: 'jail' }, {}, []],
    ['on the last day before its end', { ...threats, until: '2026-11-25' }, { body: 'jail' }, {}, ['text']],
    ['on the day of its end', { ...threats, until: '2026-11-24' }, { body: 'jail' }, {}, []],
    ['while nothing is on record', { ...threats, while: 'time-barred' }, { body: 'jail' }, {}, []],
    ['while it is', { ...threats, while: 'time-barred' }, { body: 'jail' }, { flags: ['time-barred'] }, ['text']],
    ['as its tag says', { ...threats, tag: 'LEGAL' }, { tags: ['LEGAL'] }, {}, ['tags']],
  ])('and says it %s', (_what, rule, content, occasion, parts) => {
    expect(faultsOf(rule, content, occasion).map(({ part }) => part)).toEqual(parts);
  });

  it('is held to the rules of every pack, and those that are not confirmed say so', () => {
    const unsure = { ...threats, id: 'UNSURE', confidence: 'M' } as const;
    const bad = { ...message, body: 'Jail.', tags: [] };
    const faults = judgeContent(bad, [{ rules: [threats] }, { rules: [unsure, optOut] }], today);
    expect(faults.map(({ rule }) => rule)).toEqual(['THREAT', 'UNSURE', 'OUT']);
    expect(faults[1]?.reason).toBe('must not say "Jail" (UNSURE, unconfirmed: No threats.)');
  });
});

describe('a text that must not say something while a flag is on record', () => {
  const rule = { ...threats, while: 'time-barred' } as const;
  const since = '2026-03-01T00:00:00Z';
  const of = (flags: readonly Flag[]) => {
    const asked = situation({ atMs: Date.parse('2026-03-02T12:00:00+08:00'), flags });
    const text = { template: null, language: 'en', subject: null, body: 'Jail.' };
    const written = { text, tags: null, sender: null };
    return judgeWithText({ packs: [pack(hours, rule)], calendars }, asked, atInstant, written).faults.length;
  };

  it('goes by the flags of its loans and of who gets it, and by nobody else’s', () => {
    expect(of([flag('time-barred', since)])).toBe(1);
    expect(of([flag('time-barred', since, null, { loanId: 'L-1' })])).toBe(1);
    expect(of([flag('time-barred', since, null, { loanId: 'L-2' })])).toBe(0);
    expect(of([flag('time-barred', since, null, { partyId: 'G' })])).toBe(0);
  });
});

describe('whether a message must say that it comes from a debt collector', () => {
  const collector = { ...optOut, id: 'COLLECTOR', tag: 'COLLECTOR_ID', when: 'later' } as const;
  const of = (rule: ContactRule, channel: 'sms' | 'email' | 'call' = 'sms', day = '2026-11-24') =>
    mustSayCollector([{ rules: [optOut, rule] }], { channel, purpose: 'reminder' }, day);

  it('is what the rules for later messages of that kind say', () => {
    expect(of(collector)).toBe(true);
    expect(of(name)).toBe(false);
    expect(of(collector, 'call')).toBe(false);
    expect(of({ ...collector, purposes: ['opt-out-confirm'] })).toBe(false);
    expect(of({ ...collector, when: 'first' })).toBe(false);
  });

  it('holds from the first day of the rule and up to its last', () => {
    const rule = { ...collector, from: '2026-12-01', until: '2027-01-01' };
    const on = (day: string) => of(rule, 'email', day);
    expect(['2026-11-30', '2026-12-01', '2026-12-31', '2027-01-01'].map(on)).toEqual([false, true, true, false]);
  });
});

describe('the name that a mailbox shows', () => {
  const rule = { ...threats, id: 'SENDER', part: 'sender', text: { en: 'debt', zh: '催收' } } as const;
  it('is held to the rules for senders, and texts are not', () => {
    const of = (name: string, rules = [rule]) => senderFaults(name, [{ rules }], '2026-03-02');
    expect(of('Example Bank')).toEqual([]);
    expect(senderFaults('Debt Services', [{ rules: [rule, threats] }], '2026-03-02')).toMatchObject([
      { rule: 'SENDER' },
    ]);
    expect(of('示例银行催收部')).toHaveLength(1);
    expect(faultsOf(rule, { body: 'debt' })).toEqual([]);
  });

  it('is held to rules that begin later too, because it stays, and not to those that have ended', () => {
    const of = (days: { from?: string; until?: string }) =>
      senderFaults('Debt Services', [{ rules: [{ ...rule, ...days }] }], '2026-03-02').length;
    expect(of({ from: '2027-01-01' })).toBe(1);
    expect(of({ until: '2026-03-03' })).toBe(1);
    expect(of({ until: '2026-03-02' })).toBe(0);
  });
});
