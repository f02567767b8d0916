import type { BankCalendar } from '../bank-calendar';
import type { CaseFacts } from '../case';
import type { Day } from '../day';
import type { Pause } from '../loan';
import { isPausedOn, pauseEndAfter } from '../paused-days';
import { pausesThatStop, type RestRules } from './rest-rules';

/** What of a case rests on a day, until when, and from when something more will. Instants are those at which days begin. */
export function restsOn(
  pauses: readonly Pause[],
  rules: RestRules,
  today: Day,
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
): Pick<CaseFacts, 'pause' | 'legalRest' | 'nextPauseFromMs'> {
  const [contacts, legal] = [pausesThatStop(pauses, 'contacts', rules), pausesThatStop(pauses, 'legal', rules)];
  const pause = restOn(contacts, today, calendar);
  const legalRest = restOn(legal, today, calendar);
  // While everything rests the end of the pause is the next time to look; a rest that begins meanwhile is seen then.
  const [next] = (pause === null ? [...contacts, ...legal] : [])
    .map(({ from }) => from)
    .filter((from) => from > today)
    .sort();
  return {
    pause,
    ...(legalRest !== null && { legalRest }),
    ...(next !== undefined && { nextPauseFromMs: calendar.startOfDayMs(next) }),
  };
}

function restOn(
  pauses: readonly Pause[],
  today: Day,
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
): { readonly untilMs: number | null } | null {
  if (!isPausedOn(pauses, today)) return null;
  const end = pauseEndAfter(pauses, today);
  return { untilMs: end === null ? null : calendar.startOfDayMs(end) };
}
