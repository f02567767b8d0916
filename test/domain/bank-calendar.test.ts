import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import assert from 'node:assert/strict';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { addDays, type Day } from '../../src/domain/day';
import { Refusal } from '../../src/domain/refusal';

const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Asia/Kolkata',
  'Africa/Cairo',
  'Pacific/Apia',
  'UTC',
];
const inZone = (zone: string) => createBankCalendar({ zone, workdays: 'weekdays' });
const shanghai = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const iso = (atMs: number) => new Date(atMs).toISOString();

describe('the instant of a time of day', () => {
  it.each<[string, string, Day, string, string]>([
    ['Shanghai has no summer time', 'Asia/Shanghai', '2026-07-01', '08:00', '2026-07-01T00:00:00.000Z'],
    ['New York in winter', 'America/New_York', '2026-03-07', '08:00', '2026-03-07T13:00:00.000Z'],
    ['New York before the gap', 'America/New_York', '2026-03-08', '01:59', '2026-03-08T06:59:00.000Z'],
    ['a skipped time moves forward to 03:30', 'America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00.000Z'],
    [
      'the first skipped time is the end of the gap',
      'America/New_York',
      '2026-03-08',
      '02:00',
      '2026-03-08T07:00:00.000Z',
    ],
    ['New York after the gap', 'America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
    ['New York opens at 08:00 of its own', 'America/New_York', '2026-03-08', '08:00', '2026-03-08T12:00:00.000Z'],
    ['and closes at 21:00', 'America/New_York', '2026-03-08', '21:00', '2026-03-09T01:00:00.000Z'],
    ['a time that comes twice is the first', 'America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    ['New York after the second hour', 'America/New_York', '2026-11-01', '02:00', '2026-11-01T07:00:00.000Z'],
    ['New York opens in winter again', 'America/New_York', '2026-11-01', '08:00', '2026-11-01T13:00:00.000Z'],
    ['and closes in winter', 'America/New_York', '2026-11-01', '21:00', '2026-11-02T02:00:00.000Z'],
    ['London skips 01:30', 'Europe/London', '2026-03-29', '01:30', '2026-03-29T01:30:00.000Z'],
    ['London in summer', 'Europe/London', '2026-03-29', '08:00', '2026-03-29T07:00:00.000Z'],
    ['London has 01:30 twice', 'Europe/London', '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
    ['London in winter', 'Europe/London', '2026-10-25', '08:00', '2026-10-25T08:00:00.000Z'],
    ['a half-hour zone', 'Asia/Kolkata', '2026-05-01', '08:00', '2026-05-01T02:30:00.000Z'],
  ])('%s', (_rule, zone, day, timeOfDay, expected) => {
    expect(iso(inZone(zone).instantAt(day, timeOfDay))).toBe(expected);
  });

  it('reads back as the same day and time wherever the clocks do not change, asked once or again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.nat(9_000), fc.nat(1_439), (zone, offset, minute) => {
        const day = addDays('2008-01-01', offset);
        const timeOfDay = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const calendar = inZone(zone);
        const atMs = calendar.instantAt(day, timeOfDay);
        const local = DateTime.fromMillis(atMs, { zone });
        const midnight = DateTime.fromISO(day, { zone }).startOf('day');
        const isPlainDay = midnight.toISODate() === day && +midnight.endOf('day') - +midnight === 86_399_999;
        if (isPlainDay) assert.equal(local.toFormat('yyyy-MM-dd HH:mm'), `${day} ${timeOfDay}`);
        assert.ok(atMs >= calendar.startOfDayMs(day));
        assert.equal(calendar.instantAt(day, timeOfDay), atMs);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['2026-02-30', '08:00'],
    ['2026-2-3', '08:00'],
    ['2026-02-03', '24:00'],
    ['2026-02-03', '8:00'],
    ['2026-02-03', '08:60'],
  ])('%s %s does not exist', (day, timeOfDay) => {
    expect(() => shanghai.instantAt(day, timeOfDay)).toThrow(RangeError);
  });
});

describe('the day of an instant', () => {
  it.each<[string, string, Day]>([
    ['Asia/Shanghai', '2026-03-01T15:59:59.999Z', '2026-03-01'],
    ['Asia/Shanghai', '2026-03-01T16:00:00.000Z', '2026-03-02'],
    ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00:00.000Z', '2026-03-09'],
    ['Europe/London', '2026-10-24T23:00:00.000Z', '2026-10-25'],
    ['Africa/Cairo', '2026-04-23T21:59:59.999Z', '2026-04-23'],
    ['Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24'],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
  ])('in %s at %s is %s', (zone, at, expected) => {
    expect(inZone(zone).dayOf(Date.parse(at))).toBe(expected);
  });

  it('is what the time-zone data say, in whatever order days are asked', () => {
    const calendars = new Map(zones.map((zone) => [zone, inZone(zone)]));
    const anyInstant = fc.integer({ min: Date.parse('2005-01-01'), max: Date.parse('2035-01-01') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyInstant, (zone, atMs) => {
        assert.equal(calendars.get(zone)!.dayOf(atMs), DateTime.fromMillis(atMs, { zone }).toISODate());
      }),
      { numRuns: 5_000 },
    );
  });

  it('starts with the first instant of the day and not before, also where midnight is skipped', () => {
    for (const zone of zones.filter((name) => name !== 'Pacific/Apia')) {
      const calendar = inZone(zone);
      for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) {
        expect(calendar.dayOf(calendar.startOfDayMs(day))).toBe(day);
        expect(calendar.dayOf(calendar.startOfDayMs(day) - 1)).toBe(addDays(day, -1));
      }
    }
    expect(iso(inZone('Africa/Cairo').startOfDayMs('2026-04-24'))).toBe('2026-04-23T22:00:00.000Z');
  });
});

describe('Chinese working days of 2026', () => {
  it.each<[string, Day, boolean]>([
    ['a weekday', '2026-03-10', true],
    ['a Saturday', '2026-03-07', false],
    ['a Sunday', '2026-03-08', false],
    ['New Year, a Friday off in lieu', '2026-01-02', false],
    ['the Sunday that makes up for it', '2026-01-04', true],
    ['the Saturday before Spring Festival', '2026-02-14', true],
    ['Spring Festival, a Monday', '2026-02-16', false],
    ['the last day of Spring Festival', '2026-02-23', false],
    ['the Saturday after Spring Festival', '2026-02-28', true],
    ['Tomb-sweeping, a Monday', '2026-04-06', false],
    ['Labour Day in lieu, a Tuesday', '2026-05-05', false],
    ['the Saturday that makes up for it', '2026-05-09', true],
    ['Dragon Boat, a Friday', '2026-06-19', false],
    ['Mid-autumn, a Friday', '2026-09-25', false],
    ['the Sunday before National Day', '2026-09-20', true],
    ['National Day in lieu, a Wednesday', '2026-10-07', false],
    ['the Saturday after National Day', '2026-10-10', true],
  ])('%s, %s: %s', (_day, day, expected) => {
    expect(shanghai.isWorkday(day)).toBe(expected);
    expect(shanghai.workdaysKnown(day)).toBe(true);
  });

  it('do not exist for a bank that goes by weekdays', () => {
    expect(inZone('Asia/Shanghai').isWorkday('2026-02-14')).toBe(false);
    expect(inZone('Asia/Shanghai').isWorkday('2026-02-16')).toBe(true);
  });
});

describe('a year whose holidays are not published', () => {
  it('has Monday to Friday as working days, and says that it does not know', () => {
    expect(shanghai.isWorkday('2099-03-10')).toBe(true);
    expect(shanghai.isWorkday('2099-03-14')).toBe(false);
    expect(shanghai.workdaysKnown('2099-03-10')).toBe(false);
    expect(shanghai.workdaysKnown('2003-12-31')).toBe(false);
  });

  it('also leaves the last week of the year before unknown, for its New Year may move those days', () => {
    const lastKnown = Array.from({ length: 60 }, (_, ahead) => `${2026 + ahead}`).findLast((year) =>
      shanghai.workdaysKnown(`${year}-06-01`),
    );
    expect(shanghai.workdaysKnown(`${lastKnown}-12-23`)).toBe(true);
    expect(shanghai.workdaysKnown(`${lastKnown}-12-24`)).toBe(false);
    expect(shanghai.isWorkday('2018-12-29')).toBe(true);
  });

  it('lets working days be counted into it', () => {
    expect(shanghai.addWorkdays('2099-03-13', 1)).toBe('2099-03-16');
  });

  it('does not exist for a bank that goes by weekdays', () => {
    expect(inZone('Asia/Shanghai').workdaysKnown('2099-03-10')).toBe(true);
  });
});

describe('adding working days', () => {
  it.each<[Day, number, Day]>([
    ['2026-03-10', 1, '2026-03-11'],
    ['2026-03-13', 1, '2026-03-16'],
    ['2026-03-14', 1, '2026-03-16'],
    ['2026-03-10', 0, '2026-03-10'],
    ['2026-03-14', 0, '2026-03-16'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-02-27', 1, '2026-02-28'],
    ['2026-02-24', -1, '2026-02-14'],
    ['2026-09-30', 1, '2026-10-08'],
  ])('to %s %d is %s', (day, n, expected) => {
    expect(shanghai.addWorkdays(day, n)).toBe(expected);
  });

  it('passes exactly that many, and ends on one', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.integer({ min: 1, max: 60 }), (offset, n) => {
        const day = addDays('2025-06-01', offset);
        const reached = shanghai.addWorkdays(day, n);
        let passed = 0;
        for (let each = addDays(day, 1); each <= reached; each = addDays(each, 1))
          if (shanghai.isWorkday(each)) passed += 1;
        assert.equal(passed, n);
        assert.ok(shanghai.isWorkday(reached));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([1.5, Number.NaN, 10_001])('refuses %d', (n) => {
    expect(() => shanghai.addWorkdays('2026-03-10', n)).toThrow(RangeError);
  });
});

it('a time zone that does not exist is refused', () => {
  const make = () => createBankCalendar({ zone: 'Asia/Atlantis', workdays: 'CN' });
  expect(make).toThrow(Refusal);
  expect(make).toThrow(expect.objectContaining({ type: 'InputInvalid', field: 'zone' }));
});
