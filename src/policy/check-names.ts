import { IANAZone } from 'luxon';
import type { FileProblem, LocatedYaml } from './located-yaml';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Names whose lists the world keeps: time zones and currencies. What has the wrong shape is reported elsewhere. */
export function checkNames(yaml: LocatedYaml): readonly FileProblem[] {
  const { timezone, currency } = (yaml.value ?? {}) as { timezone?: unknown; currency?: unknown };
  const problems: FileProblem[] = [];
  if (typeof timezone === 'string' && !IANAZone.isValidZone(timezone)) {
    problems.push(yaml.problemAt(['timezone'], 'is not an IANA time zone such as Asia/Shanghai'));
  }
  if (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) && !currencies.has(currency)) {
    problems.push(yaml.problemAt(['currency'], 'is not a currency of ISO 4217'));
  }
  return problems;
}
