/** A length of time as a policy writes it. Working days are counted with the bank's calendar, never in hours. */
export interface Duration {
  readonly amount: number;
  readonly unit: 'hours' | 'days' | 'workingDays';
}

const units: Readonly<Record<string, Duration['unit']>> = {
  h: 'hours',
  hour: 'hours',
  hours: 'hours',
  d: 'days',
  day: 'days',
  days: 'days',
  'working day': 'workingDays',
  'working days': 'workingDays',
};

/** Reads `36h`, `2d`, `2 days`, `1 working day`; null when the text is none of these or not a whole number from 1 to 3650. */
export function parseDuration(text: string): Duration | null {
  const match = /^([1-9]\d{0,3}) ?(h|d|hours?|days?|working days?)$/.exec(text);
  const amount = Number(match?.[1]);
  const unit = units[match?.[2] ?? ''];
  return unit === undefined || amount > 3650 ? null : { amount, unit };
}

/** Milliseconds of a duration that no calendar can change; null for working days. A day counts 24 hours. */
export function durationMs({ amount, unit }: Duration): number | null {
  if (unit === 'workingDays') return null;
  return amount * (unit === 'hours' ? 3_600_000 : 86_400_000);
}
