import { z } from 'zod';
import { arrangementSections, toArrangementPolicy } from './arrangement/arrangement-source';
import { chargeSections, toChargeRules, toWaiverRules } from './charge/charge-source';
import { disputesSection } from './dispute/dispute-source';
import { endingSections, toWriteOffRule } from './ending/write-off-rule';
import type { Policy } from './policy';
import { restSections, toRestRules } from './rest/rest-source';

const source = z
  .object({ ...restSections, ...arrangementSections, disputes: disputesSection, ...endingSections, ...chargeSections })
  .parse({});

/**
 * A policy as it was published, with the sections that its release did not know yet: they hold as where an officer leaves
 * them out today.
 */
export function withSections(published: Policy): Policy {
  const { limits } = published;
  const sections: Partial<Policy> = {
    rests: toRestRules(source),
    arrangements: toArrangementPolicy({ ...source, limits }),
    disputes: source.disputes,
    writeOff: toWriteOffRule(source),
    sale: source.sale,
    charges: toChargeRules(source),
    waivers: toWaiverRules(source),
  };
  return { ...sections, ...published };
}
