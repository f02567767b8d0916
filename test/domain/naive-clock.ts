/** Local time by `Intl` alone, from a table of offsets: written apart from the product's calendar, and quick enough to be asked millions of times. */
const quarterMs = 15 * 60_000;
const fromMs = Date.parse('2025-09-01T00:00:00Z');
const untilMs = Date.parse('2027-06-01T00:00:00Z');
const dayMs = 86_400_000;

export interface LocalTime {
  /** Days since 1970-01-01 by the local calendar. */
  readonly day: number;
  /** Minutes since local midnight by the wall clock. */
  readonly minute: number;
}

export class NaiveClock {
  private readonly offsets: readonly number[];

  constructor(readonly zone: string) {
    const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    this.offsets = Array.from({ length: (untilMs - fromMs) / quarterMs }, (_, index) => {
      const atMs = fromMs + index * quarterMs;
      return Date.parse(`${parts.format(atMs).replace(' ', 'T')}Z`) - atMs;
    });
  }

  at(atMs: number): LocalTime {
    const localMs = atMs + this.offsetAt(atMs);
    const day = Math.floor(localMs / dayMs);
    return { day, minute: (localMs - day * dayMs) / 60_000 };
  }

  /** The instants at which the wall clock shows this minute on this day: one, none in a gap, two where it comes twice. */
  instantsOf(day: number, minute: number): readonly number[] {
    const localMs = day * dayMs + minute * 60_000;
    const offsets = new Set([-1, 0, 1].map((days) => this.offsetAt(localMs + days * dayMs)));
    return [...offsets].map((offset) => localMs - offset).filter((atMs) => atMs + this.offsetAt(atMs) === localMs);
  }

  private offsetAt(atMs: number): number {
    const offset = this.offsets[Math.floor((atMs - fromMs) / quarterMs)];
    if (offset === undefined) throw new RangeError(`outside the table: ${new Date(atMs).toISOString()}`);
    return offset;
  }
}

/** 1970-01-01 was a Thursday. */
export const weekdayNames = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const;

export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
