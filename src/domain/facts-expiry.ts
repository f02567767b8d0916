import type { CaseFacts } from './case';

/**
 * The instant from which facts no longer hold by the calendar alone, without anything having happened: a pause ends or
 * begins, a promise falls due. They have to be read again then. Null while no such instant lies ahead.
 */
export function factsExpireAtMs({ pause, hold, nextPauseFromMs }: CaseFacts): number | null {
  const instants = [pause?.untilMs, hold?.untilMs, nextPauseFromMs].filter((atMs) => typeof atMs === 'number');
  return instants.length === 0 ? null : Math.min(...instants);
}
