import { describe, expect, it } from '@jest/globals';
import type { PastContact } from '../../src/domain/contact/past-contact';
import type { RuleOf } from '../../src/domain/contact/rule';
import { answer, call, type Case, dailyCap, grant, judge, made, point, sevenInSeven } from './contact-samples';

const noon = '2026-03-02T12:00:00+08:00';
const tomorrow = '2026-03-02T16:00:00.000Z';

describe('a cap of one message a day', () => {
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['allows the first', {}, 'allow'],
    ['counts both channels it names as one', { ledger: [made('2026-03-02T09:00:00+08:00', 'email')] }, tomorrow],
    ['leaves other channels alone', { ledger: [call('2026-03-02T09:00:00+08:00')] }, 'allow'],
    ['ends with the person’s day', { ledger: [made('2026-03-01T23:59:59+08:00')] }, 'allow'],
    ['counts a reservation', { ledger: [made(noon, 'sms', 'reserved')] }, tomorrow],
    ['counts what may have been sent', { ledger: [made(noon, 'sms', 'unknown')] }, tomorrow],
    ['counts what was delivered', { ledger: [made(noon, 'sms', 'delivered')] }, tomorrow],
    ['counts what failed after it was handed over', { ledger: [made(noon, 'sms', 'failed')] }, tomorrow],
    ['does not count what failed unsent', { ledger: [made(noon, 'sms', 'failed', { handedOver: false })] }, 'allow'],
    ['does not count what was released', { ledger: [made(noon, 'sms', 'released')] }, 'allow'],
    ['does not count what was denied', { ledger: [made(noon, 'sms', 'denied')] }, 'allow'],
    [
      'does not count what the borrower wrote',
      { ledger: [made(noon, 'sms', 'placed', { direction: 'inbound' })] },
      'allow',
    ],
    ['counts messages about other loans', { ledger: [made(noon, 'sms', 'placed', { loanIds: ['L-9'] })] }, tomorrow],
    [
      'does not count those to a guarantor',
      { ledger: [made(noon, 'sms', 'placed', { partyId: 'G', partyRole: 'guarantor' })] },
      'allow',
    ],
  ])('%s', (_rule, changes, expected) => {
    expect(answer({ at: noon, rules: [dailyCap], ...changes })).toBe(expected);
  });

  it('counts by the day of each zone in which the person may be', () => {
    const ledger = [made('2026-03-01T23:50:00Z')]; // 2 March in Shanghai, 1 March in New York
    const asked = { at: '2026-03-02T02:00:00Z', rules: [dailyCap], ledger };
    expect(answer({ ...asked, zones: ['Asia/Shanghai'] })).toBe('2026-03-02T16:00:00.000Z');
    expect(answer({ ...asked, zones: ['America/New_York'] })).toBe('2026-03-02T05:00:00.000Z');
    expect(answer({ ...asked, zones: ['Asia/Shanghai', 'America/New_York'] })).toBe('2026-03-02T16:00:00.000Z');
  });

  it('of a calendar of its own counts by that calendar wherever the person is', () => {
    const ledger = [made('2026-03-01T23:50:00Z')];
    const asked = { at: '2026-03-02T02:00:00Z', zones: ['America/New_York'], ledger };
    expect(answer({ ...asked, rules: [{ ...dailyCap, zone: 'Asia/Shanghai' }] })).toBe(tomorrow);
    expect(answer({ ...asked, rules: [{ ...dailyCap, zone: 'Mars/Olympus' }] })).toBe('deny');
  });

  it('of none denies', () => {
    expect(judge({ at: noon, rules: [{ ...dailyCap, max: 0 }] })).toMatchObject({ kind: 'deny', rules: ['DAILY'] });
  });
});

describe('a cap for those for whom things are hard', () => {
  const rule = { ...dailyCap, id: 'CARE', window: { rollingDays: 14 }, while: ['hardship', 'vulnerable'] } as const;
  const ledger = [made('2026-03-01T12:00:00+08:00', 'sms')];
  const flag = (name: 'hardship' | 'cease', until: string | null) => ({
    ...{ flag: name, loanId: null, partyId: null, confirmed: true },
    ...{ fromMs: Date.parse('2026-02-01T00:00:00+08:00'), untilMs: until === null ? null : Date.parse(until) },
  });

  it('asks nothing of others, and of them nothing after the flag', () => {
    expect(answer({ at: noon, rules: [rule], ledger })).toBe('allow');
    expect(answer({ at: noon, rules: [rule], ledger, flags: [flag('cease', null)] })).toBe('allow');
    expect(answer({ at: noon, rules: [rule], ledger, flags: [flag('hardship', noon)] })).toBe('allow');
  });

  it('holds while the flag is in force, and no longer', () => {
    expect(answer({ at: noon, rules: [rule], ledger, flags: [flag('hardship', null)] })).toBe(
      '2026-03-15T04:00:00.000Z',
    );
    const untilFriday = [flag('hardship', '2026-03-06T00:00:00+08:00')];
    expect(answer({ at: noon, rules: [rule], ledger, flags: untilFriday })).toBe('2026-03-05T16:00:00.000Z');
    expect(answer({ at: noon, rules: [{ ...rule, max: 0 }], ledger: [], flags: untilFriday })).toBe(
      '2026-03-05T16:00:00.000Z',
    );
  });
});

describe('seven calls in seven days', () => {
  const days = [1, 1, 2, 3, 4, 5, 6];
  const ledger = days.map((day, index) => call(`2026-03-0${day}T0${index + 1}:00:00Z`));
  const asked = { channel: 'call', ledger, rules: [sevenInSeven] } as const;

  it('with calls on days 1, 1, 2, 3, 4, 5 and 6 leave no call on day 7 and two on day 8', () => {
    expect(answer({ ...asked, at: '2026-03-07T09:00:00Z' })).toBe('2026-03-08T01:00:00.000Z');
    expect(answer({ ...asked, at: '2026-03-08T09:00:00Z' })).toBe('allow');
    const eighth = [...ledger, call('2026-03-08T09:00:00Z')];
    expect(answer({ ...asked, at: '2026-03-08T10:00:00Z', ledger: eighth })).toBe('allow');
    const ninth = [...eighth, call('2026-03-08T10:00:00Z')];
    expect(answer({ ...asked, at: '2026-03-08T11:00:00Z', ledger: ninth })).toBe('2026-03-09T03:00:00.000Z');
  });

  const at = '2026-03-07T09:00:00Z';
  const other = (changes: Partial<PastContact>): readonly PastContact[] =>
    ledger.map((row, index) => (index === 0 ? { ...row, ...changes } : row));
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['count calls to another number', { contactPoint: point({ value: '+12025550199' }) }, 'deferred'],
    ['count each debt for itself', { loanIds: ['L-2'] }, 'allow'],
    [
      'count a call about several debts for each of them',
      { loanIds: ['L-2'], ledger: ledger.map((row) => ({ ...row, loanIds: ['L-1', 'L-2'] })) },
      'deferred',
    ],
    ['judge a call about several debts by the fullest', { loanIds: ['L-2', 'L-1'] }, 'deferred'],
    ['count each person for themselves', { party: { partyId: 'G', role: 'guarantor' } }, 'allow'],
    ['count voicemail', { ledger: other({ connection: 'rang' }) }, 'deferred'],
    ['do not count a call that was not put through', { ledger: other({ connection: 'none' }) }, 'allow'],
    [
      'count a call of which nobody knows how far it came',
      { ledger: other({ connection: null, state: 'unknown' }) },
      'deferred',
    ],
    ['do not count a call that the borrower made', { ledger: other({ direction: 'inbound' }) }, 'allow'],
    ['count calls of agencies and bank together', { ledger: [...ledger] }, 'deferred'],
    ['do not hold for calls with the lawyer', { party: { partyId: 'A', role: 'attorney' } }, 'allow'],
  ])('%s', (_rule, changes, expected) => {
    const said = answer({ ...asked, at, ...changes });
    expect(said === 'allow' || said === 'deny' ? said : 'deferred').toBe(expected);
  });

  it('are not counted to the 9th when more calls were agreed on the 3rd, the day of consent being the first', () => {
    const zones = ['America/New_York'];
    const grants = [grant('extra-calls', '2026-03-03T15:00:00Z')];
    const many = [1, 2, 3, 4, 5, 6, 7].map((n) => call(`2026-03-09T1${n}:00:00Z`));
    const ask = (when: string, rows: readonly PastContact[]) =>
      answer({ at: when, zones, grants, channel: 'call', ledger: rows, rules: [sevenInSeven] });
    expect(ask('2026-03-10T03:59:59Z', many)).toBe('allow'); // 23:59:59 on the 9th in New York
    expect(ask('2026-03-10T04:00:00Z', many)).toBe('allow'); // the 9th's calls do not count
    const tenth = [1, 2, 3, 4, 5, 6, 7].map((n) => call(`2026-03-10T1${n}:00:00Z`));
    expect(ask('2026-03-10T20:00:00Z', tenth)).not.toBe('allow');
    const before = [1, 2, 3, 4, 5, 6, 7].map((n) => call(`2026-03-03T0${n}:00:00Z`)); // before the consent
    expect(ask('2026-03-04T15:00:00Z', before)).toBe('allow');
    expect(
      answer({ at: '2026-03-04T15:00:00Z', zones, channel: 'call', ledger: before, rules: [sevenInSeven] }),
    ).not.toBe('allow');
  });

  it('are the stricter of days and hours', () => {
    const one: RuleOf<'frequencyCap'> = { ...sevenInSeven, max: 1, window: { rollingDays: 2 } };
    const afternoon = { channel: 'call', ledger: [call('2026-03-02T15:00:00+08:00')], rules: [one] } as const;
    // Two days on by the calendar, but not yet 48 hours.
    expect(answer({ ...afternoon, at: '2026-03-04T14:00:00+08:00' })).toBe('2026-03-04T07:00:00.000Z');
    expect(answer({ ...afternoon, at: '2026-03-04T15:00:00+08:00' })).toBe('allow');
    const night = {
      channel: 'call',
      ledger: [call('2026-03-08T05:30:00Z')],
      rules: [{ ...one, window: { rollingDays: 1 } }],
    } as const;
    // 24 hours on, and still the same day of New York where the clocks went back would be one hour short.
    expect(answer({ ...night, at: '2026-03-08T12:00:00Z', zones: ['America/New_York'] })).toBe(
      '2026-03-09T05:30:00.000Z',
    );
  });
});

describe('Chinese caps on calls', () => {
  const connected: RuleOf<'frequencyCap'> = {
    ...{ id: 'CONNECTED', kind: 'frequencyCap', channels: ['call'], max: 3, why: 'A sample.' },
    ...{ window: 'calendarDay', zone: 'Asia/Shanghai', scope: 'lender', countWhat: 'connected' },
  };
  const attempts: RuleOf<'frequencyCap'> = {
    ...connected,
    ...{ id: 'ATTEMPTS', max: 6, scope: 'contactPoint', countWhat: 'attempt', exclusions: ['connected'] },
  };
  const at = '2026-03-02T15:00:00+08:00';
  const times = (n: number, one: (at: string) => PastContact) =>
    Array.from({ length: n }, (_, hour) => one(`2026-03-02T0${hour + 1}:00:00Z`));

  it('allow three answered calls a day over all loans, and any that nobody answered', () => {
    const ask = (ledger: readonly PastContact[]) => answer({ at, channel: 'call', ledger, rules: [connected] });
    expect(ask(times(3, (when) => call(when, 'conversation', { loanIds: ['L-7'] })))).toBe(tomorrow);
    expect(ask(times(2, (when) => call(when, 'answered')))).toBe('allow');
    expect(ask(times(6, (when) => call(when, 'rang')))).toBe('allow');
    expect(ask(times(3, (when) => call(when, null)))).toBe(tomorrow);
  });

  it('allow six unanswered calls a day to one number, whoever it belongs to', () => {
    const contactPoint = point({ value: '+8613800138000' });
    const ask = (ledger: readonly PastContact[]) =>
      answer({ at, channel: 'call', contactPoint, ledger, rules: [attempts] });
    const to = (number: string | null) => (when: string) => call(when, 'rang', { contactPoint: number });
    expect(ask(times(6, to('+8613800138000')))).toBe(tomorrow);
    expect(ask(times(6, to('+8613800138001')))).toBe('allow');
    expect(ask(times(6, to(null)))).toBe(tomorrow);
    expect(ask(times(6, (when) => call(when, 'answered', { contactPoint: '+8613800138000' })))).toBe('allow');
  });
});

describe('a cap by calendar month', () => {
  const monthly: RuleOf<'frequencyCap'> = { ...dailyCap, id: 'MONTH', window: 'calendarMonth' };
  it('frees on the first of the next month, not thirty days later', () => {
    const ledger = [made('2026-01-31T12:00:00+08:00')];
    expect(answer({ at: '2026-01-31T13:00:00+08:00', ledger, rules: [monthly] })).toBe('2026-01-31T16:00:00.000Z');
    expect(answer({ at: '2026-02-01T00:00:00+08:00', ledger, rules: [monthly] })).toBe('allow');
    const first = [made('2026-01-01T12:00:00+08:00')];
    expect(answer({ at: '2026-01-31T23:59:00+08:00', ledger: first, rules: [monthly] })).toBe(
      '2026-01-31T16:00:00.000Z',
    );
  });
});

describe('after a conversation', () => {
  const rule: RuleOf<'cooldown'> = {
    ...{ id: 'CONV7', kind: 'cooldown', channels: ['call'], after: 'conversation', days: 7, why: 'A sample.' },
    exclusions: ['attorney', { grant: 'extra-calls', days: 7 }],
  };
  const talk = (changes: Partial<PastContact> = {}) => [call('2026-03-02T20:00:00Z', 'conversation', changes)]; // Monday 2nd, 15:00
  const zones = ['America/New_York'];
  const asked = { channel: 'call', rules: [rule], zones, ledger: talk() } as const;
  const monday9th = '2026-03-09T04:00:00.000Z';
  it.each<[string, Omit<Case, 'rules'>, string]>([
    ['of Monday the 2nd there is no call on Sunday the 8th', { at: '2026-03-09T03:59:59Z' }, monday9th],
    ['there is one on Monday the 9th', { at: monday9th }, 'allow'],
    ['no call follows on the same day', { at: '2026-03-02T20:30:00Z' }, monday9th],
    [
      'that the borrower began there is none either',
      { at: '2026-03-05T15:00:00Z', ledger: talk({ direction: 'inbound' }) },
      monday9th,
    ],
    ['about another debt calls go on', { at: '2026-03-05T15:00:00Z', loanIds: ['L-2'] }, 'allow'],
    [
      'with a guarantor calls to the borrower go on',
      { at: '2026-03-05T15:00:00Z', ledger: talk({ partyId: 'G' }) },
      'allow',
    ],
    ['that never was, calls go on', { at: '2026-03-05T15:00:00Z', ledger: talk({ connection: 'answered' }) }, 'allow'],
    [
      'of which nobody knows there is none',
      { at: '2026-03-05T15:00:00Z', ledger: talk({ connection: null }) },
      monday9th,
    ],
    ['with the lawyer calls go on', { at: '2026-03-05T15:00:00Z', ledger: talk({ partyRole: 'attorney' }) }, 'allow'],
    [
      'calls agreed to are made',
      { at: '2026-03-05T15:00:00Z', grants: [grant('extra-calls', '2026-03-02T20:10:00Z')] },
      'allow',
    ],
    [
      'calls that somebody else agreed to are not',
      { at: '2026-03-05T15:00:00Z', grants: [grant('extra-calls', '2026-03-02T20:10:00Z', { partyId: 'G' })] },
      monday9th,
    ],
    [
      'messages are not calls',
      { at: '2026-03-05T15:00:00Z', channel: 'sms', rules: [rule, dailyCap] } as Case,
      'allow',
    ],
  ])('%s', (_rule, changes, expected) => {
    expect(answer({ ...asked, ...changes })).toBe(expected);
  });
});
