import holidayData from 'chinese-days/dist/chinese-days.json';
import { IANAZone } from 'luxon';
import { addDays, type Day, isDay } from './day';
import { Refusal } from './refusal';

/** The bank's days in its time zone and its working days. Not for workflows: its data changes with releases. */
export interface BankCalendar {
  /** The day that it is in the zone at an instant. */
  dayOf(atMs: number): Day;
  /**
   * The instant of a time of day `HH:mm`. A time that the clocks skip is moved forward by the length of the gap (02:30
   * becomes 03:30); of a time that comes twice it is the first.
   * @throws RangeError when the day or the time does not exist in the calendar.
   */
  instantAt(day: Day, timeOfDay: string): number;
  /** The first instant of the day, which is not 00:00 where the clocks skip midnight. */
  startOfDayMs(day: Day): number;
  /** Whether the bank works on the day. Where `workdaysKnown` is false it is a guess: Monday to Friday. */
  isWorkday(day: Day): boolean;
  /** Whether the holidays around the day are published. A contact must not rely on a day for which this is false. */
  workdaysKnown(day: Day): boolean;
  /**
   * The n-th working day after `day`, before it when n is negative. For 0: `day` itself, or the next working day.
   * @throws RangeError when n is not a whole number from -10000 to 10000.
   */
  addWorkdays(day: Day, n: number): Day;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const cacheEntriesMax = 20_000;
const addWorkdaysMax = 10_000;

/**
 * @param zone an IANA time zone such as `Asia/Shanghai`.
 * @param workdays `CN`: the State Council's holidays with their in-lieu working days (调休); `weekdays`: Monday to Friday.
 * @throws Refusal `InputInvalid` when the zone does not exist.
 */
export function createBankCalendar({ zone, workdays }: { zone: string; workdays: 'CN' | 'weekdays' }): BankCalendar {
  const clock = createZoneClock(zone);
  const { isWorkday, workdaysKnown } =
    workdays === 'CN' ? chineseWorkdays : { isWorkday: isWeekday, workdaysKnown: () => true };
  return {
    ...clock,
    isWorkday,
    workdaysKnown,
    addWorkdays(day, n) {
      if (!Number.isSafeInteger(n) || Math.abs(n) > addWorkdaysMax) {
        throw new RangeError(`working days must be a whole number of at most ${addWorkdaysMax}, not ${n}`);
      }
      if (n === 0 && isWorkday(day)) return day;
      const step = n < 0 ? -1 : 1;
      let reached = day;
      for (let missing = Math.abs(n) || 1; missing > 0;) {
        reached = addDays(reached, step);
        if (isWorkday(reached)) missing -= 1;
      }
      return reached;
    },
  };
}

// The package's data, not its functions: those take the weekday from the host's own time zone.
const holidays: Readonly<Record<string, string>> = holidayData.holidays;
const inLieuWorkdays: Readonly<Record<string, string>> = holidayData.workdays;
const knownYears = new Set(Object.keys(holidays).map((day) => day.slice(0, 4)));

const chineseWorkdays = {
  isWorkday: (day: Day): boolean => day in inLieuWorkdays || (isWeekday(day) && !(day in holidays)),
  // The list of a year also moves working days of the last week of the year before (29 December 2018, for 2019).
  workdaysKnown: (day: Day): boolean => knownYears.has(day.slice(0, 4)) && knownYears.has(addDays(day, 8).slice(0, 4)),
};

/** Null for a year whose holidays are not published. */
export function isPublicHolidayInChina(day: Day): boolean | null {
  return chineseWorkdays.workdaysKnown(day) ? day in holidays : null;
}

function isWeekday(day: Day): boolean {
  const weekday = new Date(midnightUtcMs(day)).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}

interface LocalDay {
  readonly startMs: number;
  /** No change of the clocks in it. */
  readonly isPlain: boolean;
}

/** Asks the time-zone data once per day: the gate and the timetables ask thousands of times per second. */
function createZoneClock(zone: string): Pick<BankCalendar, 'dayOf' | 'instantAt' | 'startOfDayMs'> {
  if (!IANAZone.isValidZone(zone)) throw new Refusal('InputInvalid', 'is not an IANA time zone', 'zone');
  const ianaZone = IANAZone.create(zone);
  const offset = (atMs: number): number => ianaZone.offset(atMs) * minuteMs;
  const localDay = cached((day: Day): LocalDay => {
    if (!isDay(day)) throw new RangeError('day is not one of the calendar (YYYY-MM-DD)');
    const startMs = instantOfLocal(midnightUtcMs(day), offset);
    const nextStartMs = instantOfLocal(midnightUtcMs(day) + dayMs, offset);
    return { startMs, isPlain: nextStartMs - startMs === dayMs };
  });
  const daysOfUtcDay = cached((utcDay: number) => {
    const fromMs = utcDay * dayMs;
    const first = new Date(fromMs + offset(fromMs)).toISOString().slice(0, 10);
    const days = [{ day: first, startMs: fromMs }];
    for (let day = addDays(first, 1); localDay(day).startMs < fromMs + dayMs; day = addDays(day, 1)) {
      days.push({ day, startMs: localDay(day).startMs });
    }
    return { first, days };
  });
  return {
    dayOf(atMs) {
      const { first, days } = daysOfUtcDay(Math.floor(atMs / dayMs));
      return days.findLast(({ startMs }) => startMs <= atMs)?.day ?? first;
    },
    instantAt(day, timeOfDay) {
      const { startMs, isPlain } = localDay(day);
      const sinceMidnightMs = timeOfDayMs(timeOfDay);
      return isPlain ? startMs + sinceMidnightMs : instantOfLocal(midnightUtcMs(day) + sinceMidnightMs, offset);
    },
    startOfDayMs: (day) => localDay(day).startMs,
  };
}

/** `localMs`: the local date and time written as if it were UTC. Luxon's own answer for a time that comes twice depends on today. */
function instantOfLocal(localMs: number, offset: (atMs: number) => number): number {
  const before = offset(localMs - dayMs);
  const after = offset(localMs + dayMs);
  const isSkippedOrFirst = offset(localMs - before) === before || offset(localMs - after) !== after;
  return isSkippedOrFirst ? localMs - before : localMs - after;
}

const timeOfDayMs = cached((timeOfDay: string): number => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(timeOfDay)) throw new RangeError('time of day is not one from 00:00 to 23:59');
  return (Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3))) * minuteMs;
});

function midnightUtcMs(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Bounded, because instants also come from files: a hostile one must not fill the memory. */
function cached<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = find(key);
    if (known.size >= cacheEntriesMax) known.clear();
    known.set(key, value);
    return value;
  };
}
