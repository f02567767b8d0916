import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readFileSync } from 'node:fs';

/** The time zones that a phone number points to; none where it points nowhere. */
export type NumberZones = (number: string) => readonly string[];

/** Types that are handed out by place. Toll-free, personal and premium numbers are not. */
const placedTypes = ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE'];
/** Kept free for films and examples by the North American Numbering Plan; the British ones are no valid numbers anyway. */
const fictional = /^\+1\d{3}55501\d{2}$/;

/**
 * Reads `prefix|zone&zone` lines. The longest prefix of a number gives its zones, a set where the prefix spans several: a
 * hint, because people take their numbers with them, and therefore one more zone that must be kept and never one less.
 */
export function readNumberZones(path: string): NumberZones {
  const byPrefix = new Map<string, readonly string[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, prefix, zones] = /^(\d+)\|(.+)$/.exec(line.trim()) ?? [];
    if (prefix !== undefined && zones !== undefined) byPrefix.set(prefix, zones.split('&'));
  }
  const longest = Math.max(...[...byPrefix.keys()].map((prefix) => prefix.length));
  const zonesOf: NumberZones = (number) => {
    if (!isPlaced(number)) return [];
    const digits = number.slice(1);
    for (let length = Math.min(longest, digits.length); length > 0; length--) {
      const zones = byPrefix.get(digits.slice(0, length));
      if (zones !== undefined) return zones;
    }
    return [];
  };
  const known = new Map<string, readonly string[]>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const zones = zonesOf(number);
    if (known.size >= numbersKept) known.clear();
    known.set(number, zones);
    return zones;
  };
}

/** A number is read again and again while its borrower is in arrears, and reading one costs more than most rules. */
const numbersKept = 10_000;

/** Whether the number can belong to somebody, and to a place. */
function isPlaced(number: string): boolean {
  if (fictional.test(number)) return false;
  const parsed = parsePhoneNumberFromString(number);
  return parsed?.isValid() === true && placedTypes.includes(parsed.getType() ?? '');
}
