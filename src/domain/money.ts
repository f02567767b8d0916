/** Languages in which the product speaks to people. */
export type Language = 'zh' | 'en';

const locales: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-US' };
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const formats = new Map<string, Intl.NumberFormat>();

/** Whether the code is a currency of ISO 4217, in capitals as `CNY`. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

/**
 * Divides an amount into parts that add up to it exactly and differ by at most one minor unit, the larger ones first.
 * @throws RangeError when the amount is negative or not a safe integer, or when there is not at least one part.
 */
export function splitMinor(totalMinor: number, parts: number): number[] {
  if (!Number.isSafeInteger(totalMinor) || totalMinor < 0) {
    throw new RangeError(`amount must be a whole number of minor units from 0 up, not ${totalMinor}`);
  }
  if (!Number.isSafeInteger(parts) || parts < 1)
    throw new RangeError(`parts must be a whole number from 1 up, not ${parts}`);
  const larger = totalMinor % parts;
  const smallerMinor = (totalMinor - larger) / parts;
  return Array.from({ length: parts }, (_, index) => smallerMinor + (index < larger ? 1 : 0));
}

/**
 * So many thousandths of an amount, in whole minor units, halves rounded up. Exact for every safe integer.
 * @throws RangeError when the amount is negative or not a safe integer.
 */
export function perMilleOf(minor: number, perMille: number): number {
  if (!Number.isSafeInteger(minor) || minor < 0) {
    throw new RangeError(`amount must be a whole number of minor units from 0 up, not ${minor}`);
  }
  // Taken apart, because the product of a large amount is no longer a safe integer.
  const rest = minor % 1000;
  return ((minor - rest) / 1000) * perMille + Math.floor((rest * perMille + 500) / 1000);
}

/**
 * The amount as people of that language read it, with the currency's own number of decimals (JPY 0, CNY 2, KWD 3).
 * @throws RangeError when the amount is not a safe integer or the currency is not one of ISO 4217.
 */
export function formatMoney(minor: number, currency: string, language: Language): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`amount must be a whole number of minor units, not ${minor}`);
  const format = formatOf(currency, language);
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 0;
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  // A decimal string, not a division: large amounts divided by 100 are no longer exact.
  return format.format(`${minor < 0 ? '-' : ''}${whole}.${fraction}0` as `${number}`);
}

function formatOf(currency: string, language: Language): Intl.NumberFormat {
  const key = `${language} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  if (!isCurrency(currency)) throw new RangeError('currency must be a code of ISO 4217');
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency });
  formats.set(key, format);
  return format;
}

/**
 * What people write as an amount, `1,500.50`, in minor units; null where it is none, or finer than the currency.
 * @throws RangeError when the currency is not one of ISO 4217.
 */
export function parseMajor(text: string, currency: string): number | null {
  const [, whole, fraction = ''] = /^(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  const decimals = formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 0;
  if (whole === undefined || fraction.length > decimals) return null;
  return Number(whole.replaceAll(',', '') + fraction.padEnd(decimals, '0'));
}
