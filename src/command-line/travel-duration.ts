import { InvalidArgumentError } from 'commander';

const daysPerUnit: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7 };
export const travelDaysMax = 3_650;

/** Reads `30d`, `2w` or `12h` as days. */
export function parseTravelDays(text: string): number {
  const match = /^(\d{1,4})\s*([hdw])$/.exec(text);
  const days = Number(match?.[1]) * (daysPerUnit[match?.[2] ?? ''] ?? Number.NaN);
  if (days > 0 && days <= travelDaysMax) return days;
  throw new InvalidArgumentError(`"${text}" is not a duration like 30d, 2w or 12h, up to ${travelDaysMax} days`);
}
