import { daysBetween, type Day } from '../day';
import { totalMinor } from '../loan';
import { Refusal } from '../refusal';
import type { Rearranged, Standing } from './rearrange';
import { nextNo, sumMinor } from './new-instalments';
import type { ArrangementTerms } from './terms';

/**
 * What limits are about, the same for every kind: days by which due days move, new instalments, months until the last of
 * what is unpaid falls due, by how much interest falls, what is given up as a share and as an amount, for how many days a
 * settlement may be paid.
 */
export const measureNames = [
  'days',
  'instalments',
  'months',
  'reductionPerMille',
  'discountPerMille',
  'waivedMinor',
  'validDays',
] as const;
export type MeasureName = (typeof measureNames)[number];
export type Measures = Readonly<Partial<Record<MeasureName, number>>>;

/** How far an agreement goes. A share that is not whole counts as the next whole one, so that no limit is passed unseen. */
export function measuresOf(
  standing: Standing,
  terms: ArrangementTerms,
  made: Rearranged,
  effectiveFrom: Day,
): Measures {
  const waivedMinor = totalMinor(made.waived);
  const owedMinor = sumMinor(standing.allocation.unpaid);
  const measures = { ...(waivedMinor > 0 && { waivedMinor }), ...monthsOf(standing, made, effectiveFrom) };
  switch (terms.kind) {
    case 'extension':
      return { ...measures, days: terms.days };
    case 'instalments':
    case 're-age':
      return { ...measures, instalments: terms.count };
    case 're-amortise':
      return terms.method === 'spread'
        ? measures
        : { ...measures, instalments: terms.count, ...reductionOf(standing, made, effectiveFrom) };
    case 'interest-reduction':
      return { ...measures, reductionPerMille: terms.reductionPerMille };
    case 'settlement':
      return {
        ...measures,
        discountPerMille: perMilleUp(waivedMinor, owedMinor),
        validDays: daysBetween(effectiveFrom, terms.until),
      };
  }
}

/** Months begun until the last new instalment; where none was made, until the last one that still asks for something. */
function monthsOf({ schedule: before }: Standing, { schedule }: Rearranged, effectiveFrom: Day): Measures {
  if (schedule === null) return {};
  const madeFrom = nextNo(before.instalments);
  const made = schedule.instalments.filter(({ no }) => no >= madeFrom);
  const lastDueDay = (made.length > 0 ? made : schedule.instalments)
    .filter(({ due }) => totalMinor(due) > 0)
    .reduce((last, { dueDay }) => (dueDay > last ? dueDay : last), effectiveFrom);
  return { months: monthsBegun(effectiveFrom, lastDueDay) };
}

/** Calendar months from one day to another, a month that has begun counted whole. */
export function monthsBegun(from: Day, to: Day): number {
  const monthNo = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  const whole = monthNo(to) - monthNo(from);
  return Math.max(0, to.slice(8) > from.slice(8) ? whole + 1 : whole);
}

function reductionOf({ allocation }: Standing, { waived }: Rearranged, effectiveFrom: Day): Measures {
  if (waived.interest === 0) return {};
  const ahead = allocation.unpaid.filter(({ instalment }) => instalment.dueDay >= effectiveFrom);
  return {
    reductionPerMille: perMilleUp(
      waived.interest,
      ahead.reduce((sum, { unpaid }) => sum + unpaid.interest, 0),
    ),
  };
}

/** A share in per mille, rounded up; exact for every amount that the product takes. */
function perMilleUp(partMinor: number, wholeMinor: number): number {
  return Number((BigInt(partMinor) * 1_000n + BigInt(wholeMinor) - 1n) / BigInt(wholeMinor));
}

/** The measures that go beyond a limit. */
export function beyond(measures: Measures, limits: Measures): readonly MeasureName[] {
  return measureNames.filter((name) => (measures[name] ?? 0) > (limits[name] ?? Infinity));
}

const fields: Readonly<Record<MeasureName, string>> = {
  days: 'terms.days',
  instalments: 'terms.count',
  months: 'terms.count',
  reductionPerMille: 'terms.reductionPerMille',
  discountPerMille: 'terms.amountMinor',
  waivedMinor: 'terms',
  validDays: 'terms.until',
};

const units: Readonly<Record<MeasureName, string>> = {
  days: 'days',
  instalments: 'instalments',
  months: 'months',
  reductionPerMille: 'per mille of the interest',
  discountPerMille: 'per mille of what is owed',
  waivedMinor: 'minor units given up',
  validDays: 'days to pay',
};

export function beyondProblem(name: MeasureName, measures: Measures, limits: Measures): Refusal {
  const reason = `comes to ${measures[name] ?? 0} ${units[name]}; the policy allows ${limits[name] ?? 0}`;
  return new Refusal('RestructureInvalid', reason, fields[name]);
}
