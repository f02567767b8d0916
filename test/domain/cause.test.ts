import { describe, expect, it } from '@jest/globals';
import { causeProblem, mustNameCause } from '../../src/domain/cause/cause';

describe('a talk about a task that asks for the cause', () => {
  it.each([
    ['promised', true],
    ['refused', true],
    ['call-back', true],
    ['no-answer', false],
    ['voicemail', false],
    ['other-person', false],
    ['reviewed', false],
  ])('that ends with %s must name it: %s', (outcome, must) => {
    expect(mustNameCause(['cause', 'willingness'], outcome)).toBe(must);
  });

  it('is not asked for where the task does not ask', () => {
    expect(mustNameCause(['willingness'], 'promised')).toBe(false);
  });
});

describe('the days of a cause', () => {
  it.each([
    ['2026-03-03', null, 'fromDay'],
    ['2026-03-01', '2026-03-03', 'endedDay'],
    ['2026-03-01', '2026-02-28', 'endedDay'],
  ])('cannot be %s to %s on 2 March', (fromDay, endedDay, field) => {
    expect(causeProblem(fromDay, endedDay, '2026-03-02')).toMatchObject({ type: 'InputInvalid', field });
  });

  it('may begin and end on one and the same day', () => {
    expect(causeProblem('2026-03-02', '2026-03-02', '2026-03-02')).toBeNull();
  });
});
