import { splitMinor } from '../money';
import type { AmortisationMethod } from './terms';

export interface AmortisedPart {
  readonly principalMinor: number;
  readonly interestMinor: number;
}

export interface Amortisation {
  readonly principalMinor: number;
  /** Nominal yearly rate in basis points: 3.875 % is 387.5. Tenths of a basis point are the finest. */
  readonly yearlyRateBps: number;
  readonly count: number;
  readonly everyMonths: number;
  readonly method: AmortisationMethod;
}

// A year's rate in tenths of a basis point, over twelve months: 10 000 bps x 10 x 12.
const wholeYear = 1_200_000n;
const scale = 10n ** 30n;

/**
 * The parts of a loan that is paid back in equal periods of whole months, interest at the end of each on what was left
 * before it (12ths of the yearly rate, no counting of days). Integer minor units: interest is rounded half up per period, the
 * last part takes what rounding left, so that the principal adds up exactly. Exact arithmetic: the same on every machine.
 * Checked against the CFPB's sample forms H-24(B) and H-25(B) (12 CFR 1026, appendix H).
 */
export function amortise({ principalMinor, yearlyRateBps, count, everyMonths, method }: Amortisation): AmortisedPart[] {
  const rate = BigInt(Math.round(yearlyRateBps * 10)) * BigInt(everyMonths);
  const equalParts = splitMinor(principalMinor, count);
  const paymentMinor = rate === 0n ? 0 : annuityMinor(principalMinor, rate, count);
  let leftMinor = principalMinor;
  return equalParts.map((equalMinor, index) => {
    const interestMinor = interestOn(leftMinor, rate);
    const wantedMinor = method === 'annuity' && rate > 0n ? paymentMinor - interestMinor : equalMinor;
    const partMinor = index === count - 1 ? leftMinor : Math.max(0, Math.min(wantedMinor, leftMinor));
    leftMinor -= partMinor;
    return { principalMinor: partMinor, interestMinor };
  });
}

function interestOn(balanceMinor: number, rate: bigint): number {
  return Number(roundedHalfUp(BigInt(balanceMinor) * rate, wholeYear));
}

/** P·i / (1 − (1 + i)^−n), from the fixed-point power (1 + i)^n with thirty decimals. */
function annuityMinor(principalMinor: number, rate: bigint, count: number): number {
  const factor = scale + (scale * rate) / wholeYear;
  let power = scale;
  for (let period = 0; period < count; period += 1) power = (power * factor) / scale;
  return Number(roundedHalfUp(BigInt(principalMinor) * rate * power, wholeYear * (power - scale)));
}

function roundedHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
