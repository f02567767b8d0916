import type { Day } from '../domain/day';
import type { Desk } from './desk';

/** The day that it is for the bank now. Throws `NotFound` while no policy is published: its zone says what a day is. */
export async function bankToday(desk: Pick<Desk, 'pool' | 'policies' | 'policyId' | 'clock'>): Promise<Day> {
  const { calendar } = await desk.policies.latest(desk.pool, desk.policyId);
  return calendar.dayOf(await desk.clock.nowMs());
}
