import { describe, expect, it } from '@jest/globals';
import { type RiskTier, riskTiers } from '../../src/domain/loan';
import { readPacksInForce } from '../../src/policy/packs-in-force';
import { readPolicy } from '../../src/policy/read-policy';
import { courseOfSilence, type SilentCourse } from './course-of-silence';

async function follow(tier: RiskTier): Promise<SilentCourse> {
  const { packs } = await readPacksInForce('policies/packs-in-force.yaml');
  return courseOfSilence(await readPolicy('policies/retail.yaml'), packs, tier);
}

describe('the retail policy, for a borrower who never answers', () => {
  it.each(riskTiers)('proposes legal handoff on day 90, with all that it requires on record (%s)', async (tier) => {
    const { deeds, facts } = await follow(tier);
    expect(deeds.at(-1)).toEqual({ on: 90, what: 'proposeLegal' });
    expect(facts.contacts.made).toBeGreaterThanOrEqual(6);
    expect(facts.contacts.visits).toBeGreaterThanOrEqual(2);
    expect(facts.contacts.channels).toEqual(expect.arrayContaining(['sms', 'email', 'call']));
    expect(facts.offered).toEqual(['arrangement']);
    const stages = deeds.map(({ what }) => what).filter((what) => what.startsWith('>'));
    expect(stages).toEqual(['> reminder', '> follow-up', '> team']);
  });

  it('goes through the common course, with tasks done by the working days that they may take', async () => {
    const { deeds } = await follow('medium');
    expect(deeds.map(({ on, what }) => `${on} ${what}`)).toEqual([
      '-3 courtesy/3-days-before-sms',
      '1 > reminder',
      '1 reminder/day-1-sms',
      '4 reminder/day-4-email',
      '9 reminder/day-7-call',
      '11 skipped reminder/day-11-sms', // called two days before
      '15 > follow-up',
      '20 follow-up/day-20-email',
      '22 follow-up/day-15-visit',
      '30 > team',
      '30 team/day-30-sms',
      '36 follow-up/day-25-call', // Spring Festival
      '37 team/day-35-call',
      '52 team/day-45-visit',
      '60 team/day-60-email',
      '80 team/day-80-email',
      '90 proposeLegal',
    ]);
  });

  it('is earlier and closer for high risk, later and gentler for low', async () => {
    const [low, medium, high] = [await follow('low'), await follow('medium'), await follow('high')];
    const firstDay = ({ deeds }: SilentCourse, what: RegExp): number => deeds.find((deed) => what.test(deed.what))!.on;
    for (const what of [/^> follow-up/, /^> team/, /visit/, /call/]) {
      expect(firstDay(high, what)).toBeLessThan(firstDay(medium, what));
      expect(firstDay(medium, what)).toBeLessThan(firstDay(low, what));
    }
    expect(low.deeds.some(({ on }) => on < 0)).toBe(false);
    expect(medium.deeds.some(({ on }) => on < 0)).toBe(true);
    expect(high.facts.contacts.made).toBeGreaterThan(low.facts.contacts.made);
  });
});
