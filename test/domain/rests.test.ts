import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { pauseReasons } from '../../src/domain/case';
import { flagCodes } from '../../src/domain/contact/flag';
import { addDays, type Day } from '../../src/domain/day';
import type { Pause } from '../../src/domain/loan';
import { pausedDaysWithin } from '../../src/domain/paused-days';
import { daysWithoutFees, pausesThatStop, reasonOfFlag, restEffects } from '../../src/domain/rest/rest-rules';
import { restsOn } from '../../src/domain/rest/rests-on';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { parsePolicy } from '../../src/domain/parse-policy';
import { anyDay, anyPause } from './loan-arbitraries';
import { samplePolicy, writtenPolicy } from './sample-policy';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });

/** A bank that lets technical pauses stop messages alone, and a moratorium all but messages. */
const { rests: rules } = samplePolicy({
  pauses: {
    technical: { stops: ['contacts'], reviewAfter: '5 days' },
    moratorium: { stops: ['fees', 'legal', 'clock'] },
    other: { stops: ['legal'] },
  },
  situations: { vulnerable: { stops: ['fees'], review: 'none', handler: 'required' } },
});

const anyReason = fc.oneof(
  fc.constantFrom(...pauseReasons),
  fc.constantFrom(...flagCodes.map(reasonOfFlag)),
  fc.constantFrom('hospital', 'flag/unheard-of'),
);
const anyReasonedPauses: fc.Arbitrary<Pause[]> = fc.array(
  fc.tuple(anyPause, anyReason).map(([pause, reason]) => ({ ...pause, reason })),
  { maxLength: 6 },
);

/** What stops on a day, asked of each pause by itself. */
function stopsOn(pauses: readonly Pause[], effect: (typeof restEffects)[number], day: Day): boolean {
  return pauses.some((pause) => {
    if (pausesThatStop([pause], effect, rules).length === 0) return false;
    const { from, until, reason } = pause;
    const daysAfter = reason === 'flag/mental-health-moratorium' ? 30 : 0;
    return from <= day && (until === null || addDays(day, -daysAfter) < until);
  });
}

describe('what a pause stops', () => {
  it.each([
    ['hardship', ['contacts', 'fees', 'legal', 'clock']],
    ['technical', ['contacts']],
    ['moratorium', ['fees', 'legal', 'clock']],
    ['other', ['legal']],
    ['hospital', ['contacts', 'fees', 'legal', 'clock']],
    ['flag/moratorium', ['contacts', 'fees', 'legal', 'clock']],
    ['flag/vulnerable', ['fees']],
    ['flag/deceased', ['fees', 'legal']],
    ['flag/cease', []],
  ])('for %s is %j, as the policy says or by default', (reason, expected) => {
    const pause = { from: '2026-03-10', until: '2026-03-20', reason };
    expect(restEffects.filter((effect) => pausesThatStop([pause], effect, rules).length > 0)).toEqual(expected);
  });

  it('is everything while no policy says otherwise', () => {
    const pause = { from: '2026-03-10', until: '2026-03-20', reason: 'technical' };
    expect(pausesThatStop([pause], 'clock')).toEqual([pause]);
    expect(daysWithoutFees([pause])).toEqual([pause]);
    expect(daysWithoutFees([pause], rules)).toEqual([]);
    const without = [{ from: '2026-03-10', until: null }];
    expect(pausesThatStop(without, 'fees', rules)).toEqual(without);
  });

  it('covers, for each thing that is stopped, the union of the days of all pauses that stop it', () => {
    fc.assert(
      fc.property(anyReasonedPauses, fc.constantFrom(...restEffects), anyDay, fc.nat(120), (pauses, effect, day, n) => {
        const lastDay = addDays(day, n);
        let counted = 0;
        for (let d = addDays(day, 1); d <= lastDay; d = addDays(d, 1)) if (stopsOn(pauses, effect, d)) counted += 1;
        assert.equal(pausedDaysWithin(pausesThatStop(pauses, effect, rules), day, lastDay), counted);
      }),
      { numRuns: 4_000 },
    );
  });

  it('goes on for thirty days after a mental-health crisis, or as long as the policy says', () => {
    const crisis = { from: '2026-03-10', until: '2026-03-20', reason: 'flag/mental-health-moratorium' };
    for (const effect of restEffects) {
      expect(pausesThatStop([crisis], effect, rules)).toEqual([{ ...crisis, until: '2026-04-19' }]);
      expect(pausesThatStop([{ ...crisis, until: null }], effect, rules)).toEqual([{ ...crisis, until: null }]);
    }
    expect(daysWithoutFees([crisis], rules)).toMatchObject([{ until: '2026-04-19' }]);
    const longer = samplePolicy({ situations: { 'mental-health-moratorium': { afterEndDays: 60 } } });
    expect(pausesThatStop([crisis], 'clock', longer.rests)).toMatchObject([{ until: '2026-05-19' }]);
    const none = samplePolicy({ situations: { 'mental-health-moratorium': { afterEndDays: 0 } } });
    expect(pausesThatStop([crisis], 'clock', none.rests)).toEqual([crisis]);
  });

  it('does not depend on the order of the pauses, nor on one being there twice', () => {
    fc.assert(
      fc.property(anyReasonedPauses, fc.constantFrom(...restEffects), anyDay, (pauses, effect, day) => {
        const lastDay = addDays(day, 200);
        const daysOf = (list: readonly Pause[]) => pausedDaysWithin(pausesThatStop(list, effect, rules), day, lastDay);
        assert.equal(daysOf([...pauses].reverse()), daysOf(pauses));
        assert.equal(daysOf([...pauses, ...pauses]), daysOf(pauses));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('what rests on a day', () => {
  const pauses: Pause[] = [
    { from: '2026-03-05', until: '2026-03-25', reason: 'moratorium' },
    { from: '2026-03-10', until: '2026-03-15', reason: 'technical' },
    { from: '2026-04-01', until: null, reason: 'other' },
  ];
  const on = (day: Day) => restsOn(pauses, rules, day, calendar);
  const start = (day: Day) => calendar.startOfDayMs(day);

  it('is said thing by thing, with the day on which the next begins', () => {
    expect(on('2026-03-04')).toEqual({ pause: null, nextPauseFromMs: start('2026-03-05') });
    const legalRest = { untilMs: start('2026-03-25') };
    expect(on('2026-03-05')).toEqual({ pause: null, legalRest, nextPauseFromMs: start('2026-03-10') });
    expect(on('2026-03-12')).toEqual({ pause: { untilMs: start('2026-03-15') }, legalRest });
    expect(on('2026-03-15')).toEqual({ pause: null, legalRest, nextPauseFromMs: start('2026-04-01') });
    expect(on('2026-04-01')).toEqual({ pause: null, legalRest: { untilMs: null } });
  });
});

describe('a policy that says what rests', () => {
  const problemsOf = (parts: Record<string, unknown>) => parsePolicy(writtenPolicy(parts)).problems;

  it('may say it for some reasons and leave the others as they are', () => {
    expect(rules.pauses.technical).toEqual({ stops: ['contacts'], reviewAfter: { amount: 5, unit: 'days' } });
    expect(rules.pauses.hardship).toEqual({ stops: restEffects, reviewAfter: { amount: 30, unit: 'days' } });
    expect(rules.situations.vulnerable).toEqual({ stops: ['fees'], needsHandler: true });
    expect(rules.situations.fraud.review).toEqual({ amount: 1, unit: 'workingDays' });
  });

  it.each([
    [{ pauses: { holiday: { stops: [] } } }, ['pauses', 'holiday']],
    [{ pauses: { hardship: { stops: ['time'] } } }, ['pauses', 'hardship', 'stops', 0]],
    [{ pauses: { hardship: { stops: ['fees', 'fees'] } } }, ['pauses', 'hardship', 'stops']],
    [{ situations: { vulnerable: { review: 'soon' } } }, ['situations', 'vulnerable', 'review']],
    [{ situations: { minor: { afterEndDays: -1 } } }, ['situations', 'minor', 'afterEndDays']],
  ])('is refused with the place of what it cannot mean: %j', (parts, path) => {
    expect(problemsOf(parts).map((problem) => problem.path)).toContainEqual(path);
  });
});
