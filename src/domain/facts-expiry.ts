import type { CaseFacts } from './case';

/**
 * The instant from which facts no longer hold by the calendar alone, without anything having happened: a pause or a
 * legal rest ends or begins, a flag that brings its own course does, a promise or an instalment of an arrangement falls due,
 * a waiver may lapse, days past due reach another class of risk. They have to be read again then. Null while no such instant
 * lies ahead.
 */
export function factsExpireAtMs(facts: CaseFacts): number | null {
  const { pause, legalRest, hold, nextPauseFromMs, nextCourseAtMs, nextLookAtMs, nextClassAtMs, handoff = [] } = facts;
  const ends = [
    ...[
      pause?.untilMs,
      legalRest?.untilMs,
      hold?.untilMs,
      nextPauseFromMs,
      nextCourseAtMs,
      nextLookAtMs,
      nextClassAtMs,
    ],
    ...handoff.map(({ untilMs }) => untilMs),
  ];
  const instants = ends.filter((atMs) => typeof atMs === 'number');
  return instants.length === 0 ? null : Math.min(...instants);
}
