import type { PlainLoan, PlainTerms } from './plain-loan';

/** Days from `fromDay` to the next span in which the same instalment, due on `anchorDay`, is the oldest overdue one. */
export interface ArrearsSpan {
  readonly fromDay: number;
  /** The day from which days past due count; null while no more than the tolerance is overdue. */
  readonly anchorDay: number | null;
}

/**
 * From which due day a loan was overdue on every day from its contract on up to `throughDay`, oldest instalment first.
 *
 * Looks at the days on which something changes and at no other: a due day has passed, money came, another schedule holds.
 * The first span begins with the contract; neighbours differ. Days are `dayNumber`s. Time grows with instalments and
 * payments, not with days.
 */
export function arrearsSpans(loan: PlainLoan, throughDay: number, toleranceMinor: number): ArrearsSpan[] {
  const spans: ArrearsSpan[] = [];
  const money = { paidMinor: toleranceMinor, next: 0 };
  for (const terms of loan.terms) {
    if (terms.fromDay > throughDay && spans.length > 0) break;
    sweep(terms, loan, money, throughDay, spans);
  }
  return spans;
}

/** One schedule while it is in force. `money` is what came so far, on top of the tolerance. */
function sweep(
  { fromDay, untilDay, dueDays, dueMinor }: PlainTerms,
  { paidDays, paidMinor }: PlainLoan,
  money: { paidMinor: number; next: number },
  throughDay: number,
  spans: ArrearsSpan[],
): void {
  const endDay = Math.min(untilDay, throughDay + 1);
  let at = 0;
  let dueToHereMinor = dueMinor[0] ?? 0;
  let day = fromDay;
  do {
    for (; (paidDays[money.next] ?? Infinity) <= day; money.next += 1) money.paidMinor += paidMinor[money.next] ?? 0;
    // What is due up to here is covered: the next instalment is the oldest that may be overdue.
    while (at < dueDays.length && dueToHereMinor <= money.paidMinor) dueToHereMinor += dueMinor[(at += 1)] ?? 0;
    const dueDay = dueDays[at] ?? Infinity;
    const anchorDay = dueDay < day ? dueDay : null;
    const last = spans.at(-1);
    if (last === undefined || last.anchorDay !== anchorDay) spans.push({ fromDay: day, anchorDay });
    day = Math.min(paidDays[money.next] ?? Infinity, dueDay < day ? Infinity : dueDay + 1);
  } while (day < endDay);
}

/** From `fromDay` on, days past due lie on a level, counted from 0. */
export interface LevelEntry {
  readonly fromDay: number;
  readonly level: number;
}

/**
 * When days past due entered each level up to `throughDay`. `fromDpds` says from how many days on each level counts: it
 * begins with 0 and rises. Neighbours differ.
 */
export function levelEntries(
  spans: readonly ArrearsSpan[],
  throughDay: number,
  fromDpds: readonly number[],
): LevelEntry[] {
  const entries: LevelEntry[] = [];
  const enter = (fromDay: number, level: number): void => {
    if (entries.at(-1)?.level !== level) entries.push({ fromDay, level });
  };
  for (const [index, { fromDay, anchorDay }] of spans.entries()) {
    const endDay = spans[index + 1]?.fromDay ?? throughDay + 1;
    const dpd = anchorDay === null ? 0 : fromDay - anchorDay;
    enter(
      fromDay,
      fromDpds.findLastIndex((fromDpd) => fromDpd <= dpd),
    );
    if (anchorDay === null) continue;
    for (const [level, fromDpd] of fromDpds.entries()) {
      const day = anchorDay + fromDpd;
      if (fromDpd > dpd && day < endDay) enter(day, level);
    }
  }
  return entries;
}
