import { describe, expect, it } from '@jest/globals';
import type { CaseFacts } from '../../src/domain/case';
import { missingForLegal } from '../../src/domain/legal-precondition';
import { legalNeeds, readyForLegal, sampleFacts } from './case-samples';

const missing = (facts: Partial<CaseFacts>) =>
  missingForLegal(legalNeeds, sampleFacts({ ...readyForLegal, ...facts }), 0);
const contacts = { made: 3, channels: ['sms', 'call', 'visit'], visits: 1, lastAtMs: null } as const;

describe('what a handoff to legal means still needs', () => {
  it('is nothing once all of it is on record', () => {
    expect(missing({})).toEqual([]);
  });

  it.each<[string, Partial<CaseFacts>, string]>([
    ['enough contacts', { contacts: { ...contacts, made: 1 } }, 'contacts on record: 1 of 2'],
    ['a contact on each channel', { contacts: { ...contacts, channels: ['sms', 'visit'] } }, 'a contact by call'],
    ['enough visits', { contacts: { ...contacts, visits: 0 } }, 'visits on record: 0 of 1'],
    ['the offer that comes first', { offered: ['discount'] }, 'an offer of: arrangement'],
  ])('names %s', (_, facts, expected) => {
    expect(missing(facts)).toEqual([expected]);
  });

  it('names all of it at once, so that an officer need not ask again and again', () => {
    const nothing = { contacts: { made: 0, channels: [], visits: 0, lastAtMs: null }, offered: [] };
    expect(missing(nothing)).toHaveLength(5);
  });

  it('holds what rules of the packs ask for beside the policy, until time has made it good', () => {
    const facts = sampleFacts({
      ...readyForLegal,
      handoff: [
        { what: 'on record: demand-delivered (CN-HANDOFF)', untilMs: null },
        { what: 'on record: validation-notice 38 days ago (US-REGF-HANDOFF)', untilMs: 1_000 },
      ],
    });
    expect(missingForLegal(legalNeeds, facts, 999)).toHaveLength(2);
    expect(missingForLegal(legalNeeds, facts, 1_000)).toEqual(['on record: demand-delivered (CN-HANDOFF)']);
  });

  it('is not made good by more of something else', () => {
    const many = { ...contacts, made: 50, visits: 0 };
    expect(missing({ contacts: many })).toEqual(['visits on record: 0 of 1']);
  });
});
