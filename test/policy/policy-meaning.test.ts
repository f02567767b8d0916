import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { insteadOf, problemsOfPolicy, shortPolicy } from './sources';

describe('a policy that cannot be meant is refused with the line and the path of what is wrong', () => {
  it.each<[string, string, string]>([
    [
      'stages out of order',
      insteadOf('from: 30', 'from: 1'),
      'p.yaml:18:5 stages.team.from: day 1 must lie after day 1, where reminder begins',
    ],
    [
      'stage without a beginning',
      insteadOf('    from: 30\n', ''),
      'p.yaml:17:3 stages.team.from: is missing; only a first stage with steps may leave it out',
    ],
    [
      'step of the next stage',
      insteadOf('on: 7', 'on: 30'),
      'p.yaml:16:11 stages.reminder.steps[1].on: day 30 belongs to team, which begins on day 30',
    ],
    [
      'step before its stage',
      insteadOf('on: 30,', 'on: 29,'),
      'p.yaml:20:11 stages.team.steps[0].on: day 29 lies before team begins on day 30',
    ],
    [
      'steps out of order',
      insteadOf('on: 40', 'on: 35').replace('on: 30,', 'on: 36,'),
      'p.yaml:21:11 stages.team.steps[1].on: comes before the step above it, team/day-36-email',
    ],
    [
      'step after the due day in a stage before it',
      insteadOf('    from: 1\n', '    from: -3\n'),
      'p.yaml:15:11 stages.reminder.steps[0].on: day 1 lies after the due day; reminder is for before it',
    ],
    [
      'step in the grace',
      insteadOf('days: 0', 'days: 3'),
      'p.yaml:13:5 stages.reminder.from: day 1 lies in the grace of 3 days',
    ],
    [
      'two messages at once',
      insteadOf('on: 40, task: visit, within: 5 working days, offers: [arrangement]', 'on: 30, sms: team-notice'),
      'p.yaml:21:9 stages.team.steps[1]: contacts the borrower at the same day and time as team/day-30-email',
    ],
    [
      'two steps of one name',
      insteadOf('on: 7, task: call, within: 2 working days', "on: 1, at: '15:00', sms: team-notice"),
      'p.yaml:16:9 stages.reminder.steps[1].id: another step is called reminder/day-1-sms; give one of them an id',
    ],
    [
      'step that is never taken',
      insteadOf(
        'on: 7, task: call, within: 2 working days',
        'on: 3, email: first-reminder, unless: { contactedWithin: 2 days }',
      ),
      'p.yaml:16:41 stages.reminder.steps[1].unless: is never taken: reminder/day-1-sms always lies within that time before it',
    ],
    [
      'legal means without a precondition',
      insteadOf(
        '    requires: { contacts: 3, channels: [sms, email, call], visits: 1, offered: [arrangement] }\n    approval: legal\n',
        '',
      ),
      'p.yaml:22:3 stages.legal: must say what it requires: legal means come only after other contacts',
    ],
    [
      'legal means without an approval',
      insteadOf('    approval: legal\n', ''),
      'p.yaml:22:3 stages.legal: needs both requires and approval, or neither',
    ],
    [
      'stage after the last',
      insteadOf('outcomes:', '  beyond: { from: 120 }\noutcomes:'),
      'p.yaml:22:3 stages.legal: is the stage that leaves the house and must be the last',
    ],
    [
      'channel that no step uses',
      insteadOf('[sms, email, call]', '[sms, letter]'),
      'p.yaml:24:30 stages.legal.requires.channels: no step before legal contacts by letter',
    ],
    [
      'more visits than are made',
      insteadOf('visits: 1', 'visits: 2'),
      'p.yaml:24:60 stages.legal.requires.visits: the course has 1 visits before legal',
    ],
    [
      'more contacts than are made',
      insteadOf('contacts: 3', 'contacts: 5'),
      'p.yaml:24:17 stages.legal.requires.contacts: the course has 4 contacts before legal',
    ],
    [
      'offer that no step makes',
      insteadOf(', offers: [arrangement]', '').replace('follow-up-offer', 'second-reminder'),
      'p.yaml:24:71 stages.legal.requires.offered: no step before legal offers: arrangement (tier low)',
    ],
    [
      'escalation to nowhere',
      insteadOf('escalate: team', 'escalate: court'),
      'p.yaml:27:14 outcomes.refused.escalate: is none of the stages reminder, team, legal',
    ],
    [
      'promised day without a promise',
      insteadOf('escalate: team', 'hold: until the promised day'),
      'p.yaml:27:14 outcomes.refused.hold: only promised has a promised day',
    ],
    [
      'promise without a limit',
      insteadOf('refused: { escalate: team }', 'promised: { hold: until the promised day }'),
      'p.yaml:27:3 outcomes.promised: must say promisedWithinDaysMax, how far ahead a promise may lie',
    ],
    [
      'review without its time',
      insteadOf('escalate: team', 'task: review'),
      'p.yaml:27:14 outcomes.refused.task: must say within what time it is done',
    ],
    [
      'outcome that says nothing',
      insteadOf('{ escalate: team }', '{}'),
      'p.yaml:27:3 outcomes.refused: says nothing; leave it out',
    ],
    [
      'own stage of no common name',
      insteadOf('outcomes:', 'courses: { high: { remainder: { from: 1 } } }\noutcomes:'),
      'p.yaml:26:20 courses.high.remainder: is none of the stages reminder, team, legal',
    ],
    [
      'tiers inside a tier’s course',
      insteadOf(
        'outcomes:',
        'courses: { low: { reminder: { from: 1, steps: [{ on: 1, sms: first-reminder, tiers: [low] }, { on: 5, task: call, within: 1 day }] } } }\noutcomes:',
      ),
      'p.yaml:26:78 courses.low.reminder.steps[0].tiers: has no meaning in the course of tier low',
    ],
    [
      'buckets with a gap',
      insteadOf('stages:', 'buckets: { M1: 1 }\nstages:'),
      'p.yaml:11:12 buckets.M1: is the first bucket and must begin on day 0',
    ],
    [
      'buckets out of order',
      insteadOf('stages:', 'buckets: { M0: 0, M2: 31, M1: 1 }\nstages:'),
      'p.yaml:11:27 buckets.M1: must begin after day 31, where the bucket before begins',
    ],
  ])('%s', (_what, text, expected) => {
    expect(problemsOfPolicy(text)).toContain(expected);
  });

  it('reports everything in one go, from top to bottom', () => {
    const text = insteadOf('Asia/Shanghai', 'Asia/Peking')
      .replace('first-reminder', 'first-remindr')
      .replace('on: 40', 'on: 95')
      .replace('escalate: team', 'escalate: court');
    const places = problemsOfPolicy(text).map((problem) => problem.split(' ')[0]);
    expect([...new Set(places)]).toEqual(['p.yaml:4:1', 'p.yaml:15:18', 'p.yaml:21:11', 'p.yaml:27:14']);
  });

  it('is accepted when nothing is wrong, in YAML and in JSON', () => {
    expect(problemsOfPolicy(shortPolicy)).toEqual([]);
    expect(problemsOfPolicy(JSON.stringify(parse(shortPolicy)))).toEqual([]);
  });
});
