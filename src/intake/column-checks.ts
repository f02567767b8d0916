import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isDay } from '../domain/day';
import { isCurrency } from '../domain/money';

/** Says what is wrong with a cell's text, or null. Reasons never repeat the value: it may be personal data. */
export type Check = (text: string) => string | null;

// PostgreSQL refuses NUL, mail headers break on CR and LF; U+FFFD and a lone surrogate are what is left of bytes that were not UTF-8.
const unprintable = /[\p{Cc}\p{Cs}\ufffd]/u;

/** A name that came from the file, made fit to be stored and shown. */
export function shownName(name: string): string {
  return name.slice(0, 64).replace(/[\p{Cc}\p{Cs}]/gu, '?');
}

export function textOf(charsMax: number): Check {
  return (text) => {
    if (text.length > charsMax) return `is longer than ${charsMax} characters`;
    if (unprintable.test(text)) return 'holds a control character or is not UTF-8';
    if (text.trim() !== text) return 'begins or ends with a space';
    return null;
  };
}

/** Integer minor units; the upper bound keeps every sum of a loan inside a safe integer. */
export function minorUnits(leastMinor: 0 | 1): Check {
  return (text) => {
    if (!/^\d{1,13}$/.test(text))
      return 'must be a whole number of minor units, at most 13 digits, without sign or point';
    return Number(text) < leastMinor ? 'must be greater than zero' : null;
  };
}

export const countingNumber: Check = (text) =>
  /^[1-9]\d{0,5}$/.test(text) ? null : 'must be a whole number from 1 to 999999';

// Days repeat by the thousand in a portfolio, and asking the calendar is the dearest check of all.
const knownDays = new Set<string>();

export const day: Check = (text) => {
  if (knownDays.has(text)) return null;
  if (!isDay(text) || text < '1900-01-01' || text > '2199-12-31')
    return 'must be a day of the calendar, YYYY-MM-DD, from 1900 to 2199';
  knownDays.add(text);
  return null;
};

export function oneOf(...words: readonly string[]): Check {
  return (text) => (words.includes(text) ? null : `must be one of ${words.join(', ')}`);
}

export const currencyCode: Check = (text) => (isCurrency(text) ? null : 'must be an ISO 4217 code such as CNY');

/** Possible, not assigned: numbers that are kept free for examples are possible, and no list knows every new range. */
export const phoneNumber: Check = (text) => {
  if (!/^\+[1-9]\d{6,14}$/.test(text)) return 'must be an E.164 number such as +12025550123';
  const parsed = parsePhoneNumberFromString(text);
  if (parsed?.number !== text) return 'has no country code that is in use';
  return parsed.isPossible() ? null : 'has too few or too many digits for its country';
};

export const mailAddress: Check = (text) =>
  text.length <= 254 && /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/.test(text)
    ? (textOf(254)(text) ?? null)
    : 'must be a mail address';

const knownZones = new Set<string>();

export const timeZone: Check = (text) => {
  if (knownZones.has(text)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    return 'must be an IANA time zone such as Asia/Shanghai';
  }
  // Zone names are matched without regard to case, so there are more spellings than zones.
  if (knownZones.size < 1_000) knownZones.add(text);
  return null;
};
