import { describe, expect, it } from '@jest/globals';
import type { CaseFacts, Condition } from '../../src/domain/case';
import { holds } from '../../src/domain/condition';
import { sampleFacts, tenOClock } from './case-samples';

const now = tenOClock(5);
const dayMs = 86_400_000;
const contacts = (made: number, lastAtMs: number | null = null): Partial<CaseFacts> => ({
  contacts: { made, channels: [], visits: 0, lastAtMs },
});

describe('a step’s condition', () => {
  it('always holds where there is none', () => {
    expect(holds(undefined, sampleFacts(), now)).toBe(true);
    expect(holds({}, sampleFacts(), now)).toBe(true);
  });

  it.each<[string, Condition, Partial<CaseFacts>, boolean]>([
    ['a tier that is named', { tiers: ['low', 'medium'] }, { tier: 'medium' }, true],
    ['a tier that is not named', { tiers: ['low', 'medium'] }, { tier: 'high' }, false],
    ['exactly the amount', { overdueOverMinor: 5_000 }, { overdueMinor: 5_000 }, false],
    ['more than the amount', { overdueOverMinor: 5_000 }, { overdueMinor: 5_001 }, true],
    ['exactly the days', { dpdOver: 10 }, { rawDpd: 10 }, false],
    ['more than the days', { dpdOver: 10 }, { rawDpd: 11 }, true],
    ['days that a pause hides from the policy', { dpdOver: 10 }, { rawDpd: 11, effectiveDpd: 2 }, true],
    ['fewer contacts', { contactsUnder: 3 }, contacts(2), true],
    ['as many contacts, where fewer are asked', { contactsUnder: 3 }, contacts(3), false],
    ['as many contacts, where more are asked', { contactsOver: 3 }, contacts(3), false],
    ['more contacts', { contactsOver: 3 }, contacts(4), true],
    ['no contact at all', { notContactedWithinMs: dayMs }, contacts(0), true],
    ['a contact a moment too near', { notContactedWithinMs: dayMs }, contacts(1, now - dayMs + 1), false],
    ['a contact just far enough', { notContactedWithinMs: dayMs }, contacts(1, now - dayMs), true],
  ])('on %s', (_, condition, facts, expected) => {
    expect(holds(condition, sampleFacts(facts), now)).toBe(expected);
  });

  it('holds only when all that it names hold', () => {
    const both: Condition = { tiers: ['high'], dpdOver: 10 };
    expect(holds(both, sampleFacts({ tier: 'high', rawDpd: 11 }), now)).toBe(true);
    expect(holds(both, sampleFacts({ tier: 'high', rawDpd: 10 }), now)).toBe(false);
    expect(holds(both, sampleFacts({ tier: 'low', rawDpd: 11 }), now)).toBe(false);
  });
});
