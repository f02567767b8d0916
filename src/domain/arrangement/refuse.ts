import { type Day, isDay } from '../day';
import { Refusal } from '../refusal';

export function refuse(reason: string, field?: string): never {
  throw new Refusal('RestructureInvalid', reason, field);
}

export function requireWhole(value: number, min: number, max: number, field: string): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    refuse(`must be a whole number from ${min} to ${max}`, field);
  }
}

export function requireDayAfter(value: Day, earliest: Day, field: string): void {
  if (!isDay(value)) refuse('is not a day of the calendar (YYYY-MM-DD)', field);
  if (value <= earliest) refuse('must lie after the day of the arrangement', field);
}
