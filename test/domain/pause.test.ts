import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { addDays, type Day } from '../../src/domain/day';
import { pauseProblem } from '../../src/domain/pause';
import { pausedDaysWithin } from '../../src/domain/paused-days';
import { anyPause } from './loan-arbitraries';

it.each<[string, Day, Day | null, string | null]>([
  ['a pause of one day can be', '2026-03-10', '2026-03-11', null],
  ['a pause without end can be', '2026-03-10', null, null],
  ['a pause of three years can be', '2026-03-10', '2029-03-10', null],
  ['a pause of three years and a day cannot', '2026-03-10', '2029-03-11', 'until'],
  ['three years from 29 February end on 28 February', '2028-02-29', '2031-03-01', 'until'],
  ['a pause ends after it begins', '2026-03-10', '2026-03-10', 'until'],
  ['a pause does not end before it begins', '2026-03-10', '2026-03-09', 'until'],
  ['the first day exists', '2026-02-29', '2026-03-10', 'from'],
  ['the last day exists', '2026-02-10', '2026-02-30', 'until'],
  ['days are written YYYY-MM-DD', '2026-3-1', null, 'from'],
])('%s', (_rule, from, until, field) => {
  const problem = pauseProblem({ from, until });
  expect(problem?.field ?? null).toBe(field);
  expect(problem?.type ?? 'PauseInvalid').toBe('PauseInvalid');
});

it.each<[string, Day | null, Day, string | null]>([
  ['a pause without an end says when it is reviewed', null, '2026-04-10', null],
  ['a pause with an end is not reviewed', '2026-05-01', '2026-04-10', 'reviewOn'],
  ['a review follows the first day', null, '2026-03-10', 'reviewOn'],
  ['the day of a review exists', null, '2026-04-31', 'reviewOn'],
])('%s', (_rule, until, reviewOn, field) => {
  expect(pauseProblem({ from: '2026-03-10', until, reviewOn })?.field ?? null).toBe(field);
});

it('a pause that can be covers its first day', () => {
  fc.assert(
    fc.property(anyPause, (pause) => {
      assert.equal(pauseProblem(pause), null);
      assert.equal(pausedDaysWithin([pause], addDays(pause.from, -1), pause.from), 1);
    }),
    { numRuns: 5_000 },
  );
});
