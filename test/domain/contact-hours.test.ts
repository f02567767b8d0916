import { describe, expect, it } from '@jest/globals';
import type { PastContact } from '../../src/domain/contact/past-contact';
import type { ContactRule, RuleOf } from '../../src/domain/contact/rule';
import type { InconvenientTime } from '../../src/domain/contact/situation';
import { answer, calendars, type Case, everyChannel, grant, hours, judge, made } from './contact-samples';

const why = 'A sample.';

describe('the hours of contact', () => {
  const newYorkAndLa = ['America/New_York', 'America/Los_Angeles'];
  const withHonolulu = [...newYorkAndLa, 'Pacific/Honolulu'];
  it.each<[string, string, readonly string[], string]>([
    ['allow the first minute', '2026-03-02T08:00:00+08:00', ['Asia/Shanghai'], 'allow'],
    ['allow the last second', '2026-03-02T20:59:59+08:00', ['Asia/Shanghai'], 'allow'],
    ['end before their end', '2026-03-02T21:00:00+08:00', ['Asia/Shanghai'], '2026-03-03T00:00:00.000Z'],
    ['wait for the morning', '2026-03-02T07:59:59+08:00', ['Asia/Shanghai'], '2026-03-02T00:00:00.000Z'],
    ['go by the person’s zone', '2026-03-02T10:00:00+08:00', ['America/New_York'], '2026-03-02T13:00:00.000Z'],
    ['hold in every zone of the person', '2026-01-15T15:59:59Z', newYorkAndLa, '2026-01-15T16:00:00.000Z'],
    ['are open in both zones until the earlier evening', '2026-01-16T01:59:59Z', newYorkAndLa, 'allow'],
    ['end with the first zone’s evening', '2026-01-16T02:00:00Z', newYorkAndLa, '2026-01-16T16:00:00.000Z'],
    ['move with summer time', '2026-07-15T14:59:00Z', newYorkAndLa, '2026-07-15T15:00:00.000Z'],
    ['end with summer time too', '2026-07-16T01:00:00Z', newYorkAndLa, '2026-07-16T15:00:00.000Z'],
    ['leave what three zones share in winter', '2026-01-15T17:00:00Z', withHonolulu, '2026-01-15T18:00:00.000Z'],
    ['leave what three zones share in summer', '2026-07-15T17:59:59Z', withHonolulu, '2026-07-15T18:00:00.000Z'],
    ['end when the first of three zones ends', '2026-07-16T01:00:00Z', withHonolulu, '2026-07-16T18:00:00.000Z'],
    [
      'begin by the new time on the night the clocks go forward',
      '2026-03-08T05:00:00Z',
      ['America/New_York'],
      '2026-03-08T12:00:00.000Z',
    ],
    ['end by the new time on that day', '2026-03-09T00:59:59Z', ['America/New_York'], 'allow'],
    ['and not a second later', '2026-03-09T01:00:00Z', ['America/New_York'], '2026-03-09T12:00:00.000Z'],
    [
      'begin by the old time on the night the clocks go back',
      '2026-11-01T12:59:59Z',
      ['America/New_York'],
      '2026-11-01T13:00:00.000Z',
    ],
    ['end an hour later in UTC on that day', '2026-11-02T01:59:59Z', ['America/New_York'], 'allow'],
    ['and not two', '2026-11-02T02:00:00Z', ['America/New_York'], '2026-11-02T13:00:00.000Z'],
    ['hold in half-hour zones', '2026-03-02T02:29:00Z', ['Asia/Kolkata'], '2026-03-02T02:30:00.000Z'],
  ])('%s', (_rule, at, zones, expected) => {
    expect(answer({ at, zones, rules: [hours] })).toBe(expected);
  });

  it('deny a person whose possible zones have no hour in common', () => {
    const narrow = { ...hours, start: '09:00', end: '10:00' };
    const zones = ['Asia/Shanghai', 'America/New_York'];
    expect(judge({ at: '2026-03-02T09:30:00Z', zones, rules: [narrow] })).toMatchObject({
      kind: 'deny',
      rules: ['HOURS'],
    });
  });

  it('of weekdays leave Sunday to the rule of Sundays', () => {
    const week: ContactRule = { ...hours, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };
    const sunday: ContactRule = { ...hours, id: 'SUNDAY', days: ['sun'], start: '09:00', end: '18:00' };
    const rules = [week, sunday];
    const zones = ['Europe/London'];
    expect(answer({ at: '2026-03-01T08:30:00Z', zones, rules })).toBe('2026-03-01T09:00:00.000Z');
    expect(answer({ at: '2026-03-01T18:00:00Z', zones, rules })).toBe('2026-03-02T08:00:00.000Z');
    expect(answer({ at: '2026-02-28T21:00:00Z', zones, rules })).toBe('2026-03-01T09:00:00.000Z');
    expect(answer({ at: '2026-02-28T20:59:59Z', zones, rules })).toBe('allow');
  });

  it('open for who agreed to it, and close again when they take it back', () => {
    const rules = [{ ...hours, exceptions: [{ grant: 'hours' as const }] }];
    const at = '2026-03-02T22:00:00+08:00';
    expect(answer({ at, rules, grants: [grant('hours', '2026-03-01T12:00:00Z')] })).toBe('allow');
    const untilMs = Date.parse('2026-03-02T12:00:00Z');
    const taken = grant('hours', '2026-03-01T12:00:00Z', { untilMs });
    expect(answer({ at, rules, grants: [taken] })).toBe('2026-03-03T00:00:00.000Z');
    const byMail = grant('hours', '2026-03-01T12:00:00Z', { channel: 'email' });
    expect(answer({ at, rules, grants: [byMail] })).toBe('2026-03-03T00:00:00.000Z');
  });

  it('of packs from before allow one answer to a message that came at any hour, the same way', () => {
    const rules: ContactRule[] = [{ ...hours, exceptions: ['reply'] }];
    const at = '2026-03-02T22:10:00+08:00';
    const question = made('2026-03-02T22:00:00+08:00', 'sms', 'placed', { direction: 'inbound' });
    const reply = made('2026-03-02T22:05:00+08:00');
    expect(answer({ at, rules, ledger: [question] })).toBe('allow');
    expect(answer({ at, rules, ledger: [question, reply] })).toBe('2026-03-03T00:00:00.000Z');
    expect(answer({ at, rules, channel: 'call', ledger: [question] })).toBe('2026-03-03T00:00:00.000Z');
    expect(answer({ at: '2026-03-03T22:00:00+08:00', rules, ledger: [question] })).toBe('2026-03-04T00:00:00.000Z');
  });
});

describe('an answer at night', () => {
  const rules: ContactRule[] = [{ ...hours, exceptions: [{ reply: ['follow-up'] }] }];
  const asked = (at: string) => made(at, 'sms', 'placed', { direction: 'inbound' });
  const ask = (ledger: PastContact[], changes: Partial<Case> = {}) =>
    answer({ at: '2026-03-02T22:10:00+08:00', rules, purpose: 'follow-up', ledger, ...changes });
  const night = asked('2026-03-02T22:00:00+08:00');
  const morning = '2026-03-03T00:00:00.000Z';

  it('is given to what was written at night, once and the same way', () => {
    expect(ask([night])).toBe('allow');
    expect(ask([night, made('2026-03-02T22:05:00+08:00')])).toBe(morning);
    expect(ask([night], { channel: 'email' })).toBe(morning);
    expect(ask([night], { at: '2026-03-03T22:00:00+08:00' })).toBe('2026-03-04T00:00:00.000Z');
  });

  it('is not given to what was written by day', () => {
    expect(ask([asked('2026-03-02T12:00:00+08:00')])).toBe(morning);
    expect(ask([night, asked('2026-03-03T12:00:00+08:00')], { at: '2026-03-03T21:30:00+08:00' })).toBe('allow');
  });

  it('is no cover for a demand', () => {
    expect(ask([night], { purpose: 'demand' })).toBe(morning);
  });
});

describe('an inconvenient time', () => {
  const rules: ContactRule[] = [{ id: 'WISH', kind: 'preference', channels: everyChannel, why }];
  const wish = (changes: Partial<InconvenientTime>): InconvenientTime => ({
    ...{ weekdays: null, start: '12:00', end: '14:00', channel: null },
    ...changes,
  });
  it.each<[string, string, Partial<InconvenientTime>, string]>([
    ['is left free from its first minute', '2026-03-02T12:00:00+08:00', {}, '2026-03-02T06:00:00.000Z'],
    ['ends with its end', '2026-03-02T14:00:00+08:00', {}, 'allow'],
    ['of Mondays leaves Tuesdays alone', '2026-03-03T12:30:00+08:00', { weekdays: ['mon'] }, 'allow'],
    ['of Mondays holds on Mondays', '2026-03-02T12:30:00+08:00', { weekdays: ['mon'] }, '2026-03-02T06:00:00.000Z'],
    ['of calls leaves messages alone', '2026-03-02T12:30:00+08:00', { channel: 'call' }, 'allow'],
    [
      'over midnight holds before it',
      '2026-03-02T23:00:00+08:00',
      { start: '22:00', end: '09:00' },
      '2026-03-03T01:00:00.000Z',
    ],
    [
      'over midnight holds after it',
      '2026-03-03T08:59:00+08:00',
      { start: '22:00', end: '09:00' },
      '2026-03-03T01:00:00.000Z',
    ],
    [
      'of Monday nights ends on Tuesday morning',
      '2026-03-03T08:00:00+08:00',
      { weekdays: ['mon'], start: '22:00', end: '09:00' },
      '2026-03-03T01:00:00.000Z',
    ],
    [
      'of a whole weekday lasts until the next',
      '2026-03-02T12:30:00+08:00',
      { weekdays: ['mon'], start: '00:00', end: '00:00' },
      '2026-03-02T16:00:00.000Z',
    ],
  ])('%s', (_rule, at, changes, expected) => {
    expect(answer({ at, rules, inconvenient: [wish(changes)] })).toBe(expected);
  });

  it('of every hour of every day denies', () => {
    const always = wish({ start: '00:00', end: '00:00' });
    expect(answer({ at: '2026-03-02T12:30:00+08:00', rules, inconvenient: [always] })).toBe('deny');
  });

  it('is kept in every zone where the person may be', () => {
    const zones = ['America/New_York', 'America/Los_Angeles'];
    const asked = { at: '2026-01-15T20:00:00Z', rules, inconvenient: [wish({})] };
    expect(answer({ ...asked, zones: ['America/New_York'] })).toBe('allow');
    expect(answer({ ...asked, zones })).toBe('2026-01-15T22:00:00.000Z');
  });
});

describe('a quiet day', () => {
  const festival: RuleOf<'quietDays'> = {
    ...{ id: 'FESTIVAL', kind: 'quietDays', channels: ['visit'], calendar: 'CN-spring-festival', why },
  };
  const holidays: RuleOf<'quietDays'> = { ...festival, id: 'HOLIDAYS', calendar: 'CN' };
  it.each<[string, string, string]>([
    ['does not begin before the eve', '2026-02-15T12:00:00+08:00', 'allow'],
    ['of the Spring Festival begins with its eve', '2026-02-16T12:00:00+08:00', '2026-02-19T16:00:00.000Z'],
    ['lasts through the third day', '2026-02-19T23:59:00+08:00', '2026-02-19T16:00:00.000Z'],
    ['ends with it', '2026-02-20T00:00:00+08:00', 'allow'],
    ['is known for years whose holidays are not published', '2031-01-22T12:00:00+08:00', '2031-01-25T16:00:00.000Z'],
  ])('%s', (_rule, at, expected) => {
    expect(answer({ at, channel: 'visit', rules: [festival] })).toBe(expected);
  });

  it('of the public holidays leaves adjusted working days open', () => {
    const ask = (at: string) => answer({ at, channel: 'visit', rules: [holidays] });
    expect(ask('2026-10-01T12:00:00+08:00')).toBe('2026-10-07T16:00:00.000Z');
    expect(ask('2026-10-10T12:00:00+08:00')).toBe('allow'); // a Saturday on which people work
  });

  it('of a year whose holidays are not published is every day', () => {
    expect(answer({ at: '2099-06-01T12:00:00+08:00', channel: 'visit', rules: [holidays] })).toBe('deny');
    expect(calendars.isNamedDay('CN', '2099-06-01')).toBeNull();
    expect(calendars.isNamedDay('no such calendar', '2026-06-01')).toBeNull();
  });
});
