import { describe, expect, it } from '@jest/globals';
import { openConditions } from '../../src/domain/contact/judge';
import type { ContactRule, RuleOf } from '../../src/domain/contact/rule';
import type { CaseEvent, Situation } from '../../src/domain/contact/situation';
import {
  answer,
  calendars,
  type Case,
  everyChannel,
  flag,
  hours,
  judge,
  optOut,
  pack,
  situation,
} from './contact-samples';

const at = '2026-03-10T12:00:00+08:00';
const why = 'A sample.';
const event = (name: CaseEvent['event'], when: string, loanId: string | null = 'L-1'): CaseEvent => ({
  ...{ event: name, loanId, atMs: Date.parse(when) },
});

describe('a notice that is due', () => {
  const rule: RuleOf<'deadline'> = {
    ...{ id: 'VALID', kind: 'deadline', channels: everyChannel, trigger: 'initial-communication', why },
    ...{ withinDays: 5, action: 'validation-notice', onMiss: 'block' },
  };
  const first = event('initial-communication', '2026-03-05T12:00:00+08:00');
  const notice = event('validation-notice', '2026-03-06T12:00:00+08:00');
  it.each<[string, Omit<Case, 'rules'>, string]>([
    ['stops nothing before the first contact', { at }, 'allow'],
    ['stops nothing until its last day is over', { at: '2026-03-10T23:59:59+08:00', events: [first] }, 'allow'],
    ['stops every contact when it was missed', { at: '2026-03-11T00:00:00+08:00', events: [first] }, 'deny'],
    ['stops nothing when it was given', { at: '2026-03-20T12:00:00+08:00', events: [first, notice] }, 'allow'],
    [
      'may itself always be sent',
      { at: '2026-03-20T12:00:00+08:00', purpose: 'legally-required', events: [first] },
      'allow',
    ],
    [
      'of another loan is not this one’s',
      { at: '2026-03-20T12:00:00+08:00', events: [first, { ...notice, loanId: 'L-2' }] },
      'deny',
    ],
  ])('%s', (_rule, asked, expected) => {
    expect(answer({ rules: [rule], ...asked })).toBe(expected);
  });

  it('in working days runs over the weekend', () => {
    const byWorkdays = { ...rule, withinDays: undefined, withinWorkdays: 5 }; // Thursday 5 March, so Thursday 12
    const ask = (when: string) => answer({ at: when, rules: [byWorkdays], events: [first] });
    expect(ask('2026-03-12T23:59:59+08:00')).toBe('allow');
    expect(ask('2026-03-13T00:00:00+08:00')).toBe('deny');
  });

  it('that only a person watches stops nothing', () => {
    const asked = { at: '2026-04-20T12:00:00+08:00', events: [first] };
    expect(answer({ ...asked, rules: [{ ...rule, onMiss: 'task' }] })).toBe('allow');
  });
});

describe('a notice that comes first', () => {
  const transfer: RuleOf<'noticeFirst'> = {
    ...{ id: 'TRANSFER', kind: 'noticeFirst', channels: everyChannel, notice: 'transfer-notice', why },
    when: 'ownership-changed',
  };
  const sold = [flag('ownership-changed', '2026-03-01T00:00:00+08:00', null, { loanId: 'L-1' })];
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['is not asked of a loan that was not sold', {}, 'allow'],
    ['stops contacts about a loan that was sold', { flags: sold }, 'deny'],
    ['may itself be sent', { flags: sold, purpose: 'legally-required' }, 'allow'],
    [
      'opens them when it was given',
      { flags: sold, events: [event('transfer-notice', '2026-03-03T00:00:00Z')] },
      'allow',
    ],
    ['of an earlier sale is none', { flags: sold, events: [event('transfer-notice', '2026-01-03T00:00:00Z')] }, 'deny'],
    [
      'is asked for each loan',
      { loanIds: ['L-1', 'L-2'], flags: sold, events: [event('transfer-notice', '2026-03-03T00:00:00Z', 'L-2')] },
      'deny',
    ],
  ])('%s', (_rule, asked, expected) => {
    expect(answer({ at, rules: [transfer], ...asked })).toBe(expected);
  });

  it('is asked of agencies where the rule says so', () => {
    const agent: RuleOf<'noticeFirst'> = { ...transfer, notice: 'agent-notice', when: undefined, actors: ['AGENCY'] };
    expect(answer({ at, rules: [agent] })).toBe('allow');
    expect(answer({ at, actor: 'AGENCY', rules: [agent] })).toBe('deny');
    expect(
      answer({ at, actor: 'AGENCY', rules: [agent], events: [event('agent-notice', '2026-03-03T00:00:00Z')] }),
    ).toBe('allow');
  });
});

describe('a time-barred claim', () => {
  const rule: RuleOf<'limitation'> = {
    ...{ id: 'BARRED', kind: 'limitation', channels: everyChannel, years: 3, interruptedBy: [], why },
    ...{ remindDaysBefore: [90], deniedPurposes: ['may-remedy', 'will-remedy'] },
  };
  it('is not answered with courts, and may be spoken about', () => {
    const flags = [flag('time-barred', '2026-01-01T00:00:00Z')];
    expect(answer({ at, flags, purpose: 'will-remedy', rules: [rule] })).toBe('deny');
    expect(answer({ at, flags, purpose: 'plan-offer', rules: [rule] })).toBe('allow');
    expect(answer({ at, purpose: 'will-remedy', rules: [rule] })).toBe('allow');
  });
});

describe('a visit', () => {
  const rule: RuleOf<'visit'> = { id: 'TWO', kind: 'visit', channels: ['visit'], minStaff: 2, recording: true, why };
  const strict = { ...rule, identityCard: true };
  it('is made by two, recorded, and by collectors who show who they are', () => {
    const ask = (visit: Case['visit']) => judge({ at, channel: 'visit', visit, rules: [strict] } as Case);
    const lawful = { staff: 2, recorded: true, identityCard: true };
    expect(ask(lawful)).toMatchObject({ kind: 'allow', conditions: [] });
    expect(ask({ ...lawful, staff: 1 }).kind).toBe('deny');
    expect(ask({ ...lawful, recorded: false }).kind).toBe('deny');
    expect(ask({ ...lawful, identityCard: false }).kind).toBe('deny');
    expect(ask(null)).toEqual({ kind: 'allow', rules: ['TWO'], conditions: ['TWO'] });
  });
  it('leaves open what nobody says of it, also where other rules speak against it, and only to rules in force', () => {
    const open = (changes: Partial<Situation>, ...rules: readonly ContactRule[]) =>
      openConditions(situation({ atMs: Date.parse(at), channel: 'visit', ...changes }), [pack(...rules)], calendars);
    const never: RuleOf<'block'> = { ...optOut, flags: ['cease'] };
    const flags = [flag('cease', '2026-01-01T00:00:00Z')];
    expect(open({ flags }, never, strict)).toEqual(['TWO']);
    expect(open({}, { ...strict, until: '2026-01-01' }, { ...strict, from: '2099-01-01' })).toEqual([]);
    expect(open({ visit: { staff: 1, recorded: false, identityCard: false } }, strict)).toEqual([]);
    expect(open({ channel: 'call' }, strict)).toEqual([]);
  });
});

describe('a rule’s own time', () => {
  const later = { ...hours, id: 'LATER', start: '13:00' };
  it('begins with its first day and ends before its last', () => {
    const rules = [hours, { ...later, from: '2026-03-10', until: '2026-03-12' }];
    expect(answer({ at: '2026-03-09T12:00:00+08:00', rules })).toBe('allow');
    expect(answer({ at: '2026-03-10T12:00:00+08:00', rules })).toBe('2026-03-10T05:00:00.000Z');
    expect(answer({ at: '2026-03-11T12:59:00+08:00', rules })).toBe('2026-03-11T05:00:00.000Z');
    expect(answer({ at: '2026-03-12T12:00:00+08:00', rules })).toBe('allow');
  });

  it('ends what it would forbid for ever', () => {
    const rule: RuleOf<'block'> = {
      id: 'B',
      kind: 'block',
      channels: everyChannel,
      flags: ['cease'],
      why,
      until: '2026-03-12',
    };
    const flags = [flag('cease', '2026-01-01T00:00:00Z')];
    expect(answer({ at, flags, rules: [hours, rule] })).toBe('2026-03-12T00:00:00.000Z');
  });
});
