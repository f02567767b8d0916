import { isPublicHolidayInChina } from './bank-calendar';
import { addDays, type Day } from './day';

/** Calendars that a rule may name. */
const calendars: Readonly<Record<string, (day: Day) => boolean | null>> = {
  /** Public holidays of mainland China; null for a year whose list is not published. */
  CN: isPublicHolidayInChina,
  /** New Year's Eve of the Chinese calendar and the three days after it. */
  'CN-spring-festival': isSpringFestival,
};

export const calendarNames: readonly string[] = Object.keys(calendars);

/** Null for a calendar or a year that is not known: whoever asks must then take it for a day of the calendar. */
export function isNamedDay(calendar: string, day: Day): boolean | null {
  return Object.hasOwn(calendars, calendar) ? (calendars[calendar]?.(day) ?? null) : null;
}

const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
const knownDays = new Map<Day, boolean>();

/** The eve has no number of its own (the twelfth month has 29 or 30 days): it is the day before the first. */
function isSpringFestival(day: Day): boolean {
  const known = knownDays.get(day);
  if (known !== undefined) return known;
  const [month, dayOfMonth] = monthAndDay(day);
  const isFestival = (month === '1' && dayOfMonth <= 3) || monthAndDay(addDays(day, 1)).join('/') === '1/1';
  if (knownDays.size < 10_000) knownDays.set(day, isFestival);
  return isFestival;
}

/** A leap month is written with a suffix, so it is never `1`. */
function monthAndDay(day: Day): readonly [string, number] {
  const parts = lunar.formatToParts(new Date(`${day}T00:00:00Z`));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return [part('month'), Number(part('day'))];
}
