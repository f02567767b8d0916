import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/domain/parse-policy';
import { channelOf, languageFor, stepOf } from '../../src/domain/policy';
import { durationMs, parseDuration } from '../../src/domain/policy-duration';
import { pathText } from '../../src/domain/problem';
import { taskOutcomes } from '../../src/domain/task-outcome';
import { samplePolicy, writtenPolicy } from './sample-policy';

function problemsWith(parts: Record<string, unknown>): string[] {
  return parsePolicy(writtenPolicy(parts)).problems.map(({ path, reason }) => `${pathText(path)}: ${reason}`);
}

describe('a policy', () => {
  it('gives each tier its whole course, with the steps that are for it alone', () => {
    const { courses } = samplePolicy();
    expect(courses.medium.map(({ name, from }) => [name, from])).toEqual([
      ['courtesy', -3],
      ['reminder', 1],
      ['team', 30],
      ['legal', 90],
    ]);
    expect(courses.high[0]?.steps.map(({ key }) => key)).toEqual(['courtesy/3-days-before-sms']);
    expect(courses.low[0]).toEqual({ name: 'courtesy', from: -3, steps: [] });
  });

  it('replaces a stage as a whole where a tier has its own, and no other stage', () => {
    const own = {
      reminder: {
        from: 1,
        steps: [
          { on: 1, task: 'call', within: '1 working day' },
          { on: 2, sms: 'first' },
        ],
      },
    };
    const { courses } = samplePolicy({ courses: { high: own } });
    expect(courses.high[1]?.steps.map(({ key }) => key)).toEqual(['reminder/day-1-call', 'reminder/day-2-sms']);
    expect(courses.medium[1]?.steps).toHaveLength(3);
    expect(courses.high[2]).toEqual(courses.medium[2]);
  });

  it('names its steps by stage, day and action, or by the id they are given', () => {
    const keys = samplePolicy().courses.medium.flatMap(({ steps }) => steps.map(({ key }) => key));
    expect(keys).toEqual([
      'courtesy/3-days-before-sms',
      'reminder/day-1-sms',
      'reminder/day-4-email',
      'reminder/day-7-call',
      'team/day-30-visit',
      'team/last-visit',
    ]);
  });

  it('takes steps at its own time of day unless a step says another', () => {
    const policy = samplePolicy();
    expect(stepOf(policy, 'low', 'reminder/day-1-sms')?.at).toBe('10:00');
    expect(stepOf(policy, 'low', 'reminder/day-4-email')?.at).toBe('14:30');
    expect(stepOf(policy, 'low', 'courtesy/3-days-before-sms')).toBeUndefined();
  });

  it('turns conditions into figures that a decision compares', () => {
    const policy = samplePolicy();
    expect(stepOf(policy, 'low', 'reminder/day-4-email')?.condition).toEqual({ notContactedWithinMs: 172_800_000 });
    expect(stepOf(policy, 'low', 'reminder/day-7-call')?.condition).toEqual({ overdueOverMinor: 5000 });
    expect(stepOf(policy, 'low', 'reminder/day-1-sms')).not.toHaveProperty('condition');
  });

  it('says what a task asks, offers and by when it is done', () => {
    const visit = stepOf(samplePolicy(), 'low', 'team/day-30-visit');
    expect(visit?.action).toEqual({
      kind: 'task',
      task: 'visit',
      within: { amount: 5, unit: 'workingDays' },
      asks: [],
      offers: ['arrangement'],
    });
  });

  it('says what follows an outcome', () => {
    const { outcomes } = samplePolicy({
      outcomes: {
        promised: { hold: 'until the promised day', graceDays: 1, promisedWithinDaysMax: 14 },
        hardship: { hold: '5 days', task: 'review', within: '2 working days' },
        'no-answer': { again: { after: '2 working days', atMost: 2 } },
        'wrong-number': { contactPoint: 'invalid' },
        'opted-out': { optOut: 'this channel' },
        refused: { escalate: 'team' },
      },
    });
    expect(outcomes).toEqual({
      promised: { hold: { until: 'promised-day', graceDays: 1, promisedWithinDaysMax: 14 } },
      hardship: {
        hold: { until: 'elapsed', after: { amount: 5, unit: 'days' } },
        task: { kind: 'review', within: { amount: 2, unit: 'workingDays' } },
      },
      'no-answer': { again: { after: { amount: 2, unit: 'workingDays' }, atMost: 2 } },
      'wrong-number': { contactPoint: 'invalid' },
      'opted-out': { optOut: true },
      refused: { escalate: 'team' },
    });
  });

  it('has the usual buckets unless it names its own', () => {
    expect(samplePolicy().buckets.map(({ name }) => name)).toContain('M6+');
    expect(samplePolicy({ buckets: { S0: 0, S1: 1, S2: 11 } }).buckets).toEqual([
      { name: 'S0', fromDpd: 0 },
      { name: 'S1', fromDpd: 1 },
      { name: 'S2', fromDpd: 11 },
    ]);
  });

  it('writes to a borrower in their language where it has texts in it, else in its first', () => {
    expect(languageFor(samplePolicy({ languages: ['zh', 'en'] }), 'en')).toBe('en');
    expect(languageFor(samplePolicy({ languages: ['zh'] }), 'en')).toBe('zh');
    expect(languageFor(samplePolicy({ languages: ['zh', 'en'] }), 'zh')).toBe('zh');
  });

  it('counts calls and visits as ways to reach a borrower, a review as none', () => {
    const within = { amount: 1, unit: 'days' } as const;
    const reach = (task: 'call' | 'visit' | 'review') =>
      channelOf({ kind: 'task', task, within, asks: [], offers: [] });
    expect([reach('call'), reach('visit'), reach('review')]).toEqual(['call', 'visit', null]);
    expect(channelOf({ kind: 'contact', channel: 'email', template: 'first' })).toBe('email');
  });

  it('reports every part that has the wrong shape, not only the first', () => {
    expect(problemsWith({ version: 2026, currency: 'yuan', workdays: 'US', extra: 1, contactAt: '25:00' })).toEqual([
      'version: must be text, not a number; put it in quotes',
      'currency: must be an ISO 4217 currency such as CNY',
      'workdays: must be one of: CN, weekdays',
      'contactAt: must be a time of day such as "10:00"',
      'extra: is not a word of this document',
    ]);
  });

  it('is not one when it is nothing, a list or a text', () => {
    for (const written of [null, [], 'policy', 7]) expect(parsePolicy(written).policy).toBeNull();
  });
});

describe('outcomes of a task', () => {
  it('are the same closed list for calls and visits', () => {
    expect(taskOutcomes.call).toEqual(taskOutcomes.visit);
    expect(taskOutcomes.call).toContain('promised');
    expect(taskOutcomes.review).not.toContain('promised');
  });
});

describe('a length of time', () => {
  it.each([
    ['36h', { amount: 36, unit: 'hours' }, 129_600_000],
    ['2d', { amount: 2, unit: 'days' }, 172_800_000],
    ['1 day', { amount: 1, unit: 'days' }, 86_400_000],
    ['12 hours', { amount: 12, unit: 'hours' }, 43_200_000],
    ['2 working days', { amount: 2, unit: 'workingDays' }, null],
  ] as const)('is read from %s', (text, duration, ms) => {
    expect(parseDuration(text)).toEqual(duration);
    expect(durationMs(duration)).toBe(ms);
  });

  it.each(['', '0 days', '-1d', '1.5 days', '2 weeks', '2  days', '2 Days', '9999 days', 'soon'])(
    'is not read from %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});
