import { describe, expect, it } from '@jest/globals';
import { insteadOf, problemsOfPolicy, shortPolicy } from './sources';

describe('a text about a promise', () => {
  it('is for the reminder of one alone, where there is one', () => {
    const policy = shortPolicy.replace('sms: first-reminder', 'sms: promise-reminder');
    expect(problemsOfPolicy(policy)).toContain(
      'p.yaml:15:18 stages.reminder.steps[0].sms: template "promise-reminder" speaks of a promise, and there may be none',
    );
    const outcomes = '  promised: { hold: until the promised day, promisedWithinDaysMax: 14 }\n';
    const reminding = `${shortPolicy}${outcomes}promises: { remind: { daysBefore: 1, sms: promise-reminder } }\n`;
    expect(problemsOfPolicy(reminding)).toEqual([]);
  });
});

describe('a policy of the wrong shape is refused with the line and the path of what is wrong', () => {
  it.each<[string, string, string]>([
    [
      'no such template',
      insteadOf('first-reminder', 'first-remindr'),
      'p.yaml:15:18 stages.reminder.steps[0].sms: no template "first-remindr" (did you mean "first-reminder"?)',
    ],
    [
      'template not in the channel',
      insteadOf('sms: first-reminder', 'email: team-notice'),
      'p.yaml:15:18 stages.reminder.steps[0].email: template "team-notice" has no email in zh',
    ],
    [
      'unknown word',
      insteadOf('contactAt:', 'contactTime: 1\ncontactAt:'),
      'p.yaml:7:1 contactTime: is not a word of this document',
    ],
    [
      'unknown word of a step',
      insteadOf('{ on: 7,', '{ onn: 7, on: 7,'),
      'p.yaml:16:11 stages.reminder.steps[1].onn: is not a word of this document',
    ],
    ['word that is missing', insteadOf('currency: CNY\n', ''), 'p.yaml:1:1 currency: is missing'],
    ['missing in a step', insteadOf('on: 1, ', ''), 'p.yaml:15:9 stages.reminder.steps[0].on: is missing'],
    [
      'number for a text',
      insteadOf("'1'", '2026.11'),
      'p.yaml:2:1 version: must be text, not a number; put it in quotes',
    ],
    ['half a day', insteadOf('on: 7', 'on: 7.5'), 'p.yaml:16:11 stages.reminder.steps[1].on: must be a whole number'],
    [
      'no such time zone',
      insteadOf('Asia/Shanghai', 'Asia/Peking'),
      'p.yaml:4:1 timezone: is not an IANA time zone such as Asia/Shanghai',
    ],
    ['no such currency', insteadOf('CNY', 'XYZ'), 'p.yaml:3:1 currency: is not a currency of ISO 4217'],
    ['no such language', insteadOf('[zh, en]', '[zh, fr]'), 'p.yaml:6:17 languages[1]: must be one of: zh, en'],
    ['language twice', insteadOf('[zh, en]', '[zh, zh]'), 'p.yaml:6:1 languages: names one twice'],
    ['no time of day', insteadOf("'10:00'", "'10am'"), 'p.yaml:7:1 contactAt: must be a time of day such as "10:00"'],
    [
      'component left out',
      insteadOf('[penalty, fee, interest, principal]', '[fee, interest, principal]'),
      'p.yaml:9:31 allocation.components: must name each of penalty, fee, interest, principal once',
    ],
    [
      'two actions in a step',
      insteadOf('sms: first-reminder', 'sms: first-reminder, task: call, within: 1 day'),
      'p.yaml:15:9 stages.reminder.steps[0]: must do exactly one of: sms, email, task',
    ],
    [
      'task without its time',
      insteadOf('task: call, within: 2 working days', 'task: call'),
      'p.yaml:16:9 stages.reminder.steps[1]: must say within what time the task is done',
    ],
    [
      'question in a message',
      insteadOf('sms: first-reminder', 'sms: first-reminder, asks: [cause]'),
      'p.yaml:15:39 stages.reminder.steps[0].asks: belongs to a task',
    ],
    [
      'no length of time',
      insteadOf('2 working days', 'soon'),
      'p.yaml:16:30 stages.reminder.steps[1].within: must be a length of time such as "36h", "2 days" or "2 working days"',
    ],
    [
      'working days as a quiet time',
      insteadOf('first-reminder }', 'first-reminder, unless: { contactedWithin: 2 working days } }'),
      'p.yaml:15:49 stages.reminder.steps[0].unless.contactedWithin: must be in hours or days: working days have no fixed length',
    ],
    [
      'approval as a step',
      insteadOf('task: visit', 'task: approve-legal'),
      'p.yaml:21:19 stages.team.steps[1].task: must be one of: call, visit, review',
    ],
    [
      'outcome of no name',
      insteadOf('refused:', 'refuses:'),
      'p.yaml:27:3 outcomes.refuses: is not a word of this document',
    ],
    [
      'course of no tier',
      insteadOf('outcomes:', 'courses: { highest: {} }\noutcomes:'),
      'p.yaml:26:12 courses.highest: is not a word of this document',
    ],
    [
      'stage with a bad name',
      insteadOf('  team:', '  Team 1:'),
      'p.yaml:17:3 stages.Team 1: must be the name of a stage: small letters, digits and hyphens, 40 at most',
    ],
  ])('%s', (_what, text, expected) => {
    expect(problemsOfPolicy(text)).toContain(expected);
  });

  it.each<[string, string, RegExp]>([
    [
      'a word twice',
      insteadOf('currency: CNY', 'currency: CNY\ncurrency: USD'),
      /^p\.yaml:4:1: Map keys must be unique/,
    ],
    ['a bracket that stays open', insteadOf('[zh, en]', '[zh, en'), /^p\.yaml:\d+:\d+: /],
    [
      'an alias',
      insteadOf('outcomes:', 'courses: { low: &low {}, high: *low }\noutcomes:'),
      /^p\.yaml:26:32: aliases are not used here$/,
    ],
    ['two documents', `${shortPolicy}---\npolicy: other\n`, /^p\.yaml:\d+:1: /],
    ['an unknown tag', insteadOf('CNY', '!secret CNY'), /^p\.yaml:3:11: /],
  ])('%s is no YAML that is used here', (_what, text, expected) => {
    expect(problemsOfPolicy(text)[0]).toMatch(expected);
  });

  it.each(['', '# nothing', '[]', 'policy', '{'])('%j is no policy', (text) => {
    expect(problemsOfPolicy(text).length).toBeGreaterThan(0);
  });
});
