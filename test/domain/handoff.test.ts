import { beforeAll, describe, expect, it } from '@jest/globals';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { ContactPack } from '../../src/domain/contact/rule';
import { rulesOn } from '../../src/domain/contact/rules-on-day';
import { daysAfterEnd, type HandoffFile, handoffGaps } from '../../src/domain/handoff/gaps';
import { readPacks } from '../../src/policy/contact-pack';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const at = (day: string): number => calendar.instantAt(day, '10:00');
const today = '2027-03-31';
const nowMs = at(today);

/** Everything that any rule of any shipped pack asks for is on record. */
const complete: HandoffFile = {
  flags: [],
  events: [
    { event: 'demand-delivered', atMs: at('2027-03-01') },
    { event: 'validation-notice', atMs: at('2027-02-21') },
    { event: 'forbearance-offered', atMs: at('2027-03-01') },
    { event: 'affordability-checked', atMs: at('2027-03-01') },
    { event: 'military-service-checked', atMs: at('2027-03-30') },
  ],
  overdueSince: '2027-01-10',
  offered: true,
};
const without = (event: string): Partial<HandoffFile> => ({
  events: complete.events.filter((one) => one.event !== event),
  offered: false,
});
const withFlag = (flag: HandoffFile['flags'][number]['flag'], untilMs: number | null = null): Partial<HandoffFile> => ({
  flags: [{ flag, fromMs: at('2027-03-20'), untilMs }],
});

let packs: readonly ContactPack[];
beforeAll(async () => {
  packs = await readPacks('policies/packs');
});
const gapsOf = (parts: Partial<HandoffFile>, atMs = nowMs) =>
  handoffGaps(
    rulesOn(packs, 'handoff', calendar.dayOf(atMs)),
    { ...complete, daysAfterEnd: daysAfterEnd(packs, calendar.dayOf(atMs)), ...parts },
    calendar,
    atMs,
  );
const idsOf = (what: string): string[] => (/\(([A-Z0-9, -]+)\)$/.exec(what)?.[1] ?? '').split(', ');

describe('the rules of all packs about a handoff to legal means', () => {
  it('are content with a complete file', () => {
    expect(gapsOf({})).toEqual([]);
  });

  it.each<[string, Partial<HandoffFile>, string[]]>([
    ['no delivered demand', without('demand-delivered'), ['CN-HANDOFF']],
    ['no validation notice', without('validation-notice'), ['US-REGF-HANDOFF']],
    ['nothing offered', without('forbearance-offered'), ['EU-FORBEAR', 'UK-FORBEAR']],
    ['no look at what the borrower can afford', without('affordability-checked'), ['UK-FORBEAR']],
    ['no look at active duty', without('military-service-checked'), ['US-SCRA']],
    ['a dispute', withFlag('disputed'), ['HOUSE-HANDOFF', 'US-REGF-HANDOFF']],
    ['a time-barred claim', withFlag('time-barred'), ['HOUSE-HANDOFF', 'UK-BREATHING-HANDOFF', 'US-REGF-HANDOFF']],
    ['a breathing space', withFlag('moratorium'), ['HOUSE-HANDOFF', 'UK-BREATHING-HANDOFF']],
    ['treatment of a crisis', withFlag('mental-health-moratorium'), ['HOUSE-HANDOFF', 'UK-BREATHING-HANDOFF']],
    ['work with an adviser', withFlag('advice-hold'), ['HOUSE-HANDOFF', 'UK-BREATHING-HANDOFF']],
    ['a plan that is kept', withFlag('plan-active'), ['HOUSE-HANDOFF']],
    ['insolvency', withFlag('insolvent'), ['HOUSE-HANDOFF', 'US-REGF-HANDOFF']],
    ['a reported death', withFlag('deceased'), ['HOUSE-HANDOFF']],
  ])('refuse a file with %s, and say which rules do', (_, parts, rules) => {
    const gaps = gapsOf(parts);
    expect(gaps).toHaveLength(1);
    expect(idsOf(gaps[0]!.what)).toEqual(rules);
    expect(gaps[0]!.untilMs).toBeNull();
  });

  it('each ask for something that this table tries, but for the second person, who is always asked', () => {
    const tried = new Set(['CN-HANDOFF', 'EU-FORBEAR', 'HOUSE-HANDOFF', 'UK-BREATHING-HANDOFF']);
    for (const id of ['UK-FORBEAR', 'US-REGF-HANDOFF', 'US-SCRA', 'EU-GDPR-BASE']) tried.add(id);
    expect(new Set(rulesOn(packs, 'handoff', today).map(({ id }) => id))).toEqual(tried);
  });

  it('name the earliest instant at which time alone is enough: the validation period, a flag that ends', () => {
    const notice = { event: 'validation-notice', atMs: at('2027-03-01') } as const;
    const events = [...complete.events.filter(({ event }) => event !== 'validation-notice'), notice];
    expect(gapsOf({ events })).toEqual([
      {
        what: 'on record: validation-notice 38 days ago (US-REGF-HANDOFF)',
        untilMs: calendar.startOfDayMs('2027-04-08'),
      },
    ]);
    expect(gapsOf({ events }, calendar.startOfDayMs('2027-04-08') - 1)).toHaveLength(1);
    expect(gapsOf({ events }, calendar.startOfDayMs('2027-04-08'))).toEqual([]);
    expect(gapsOf(withFlag('moratorium', at('2027-04-02')))[0]?.untilMs).toBe(at('2027-04-02'));
    expect(gapsOf(withFlag('moratorium', nowMs))).toEqual([]);
  });

  it('go on for thirty days after the treatment of a crisis has ended, as contacts do', () => {
    const crisis = withFlag('mental-health-moratorium', at('2027-03-25'));
    const overMs = calendar.startOfDayMs('2027-04-24');
    expect(gapsOf(crisis)[0]?.untilMs).toBe(overMs);
    expect(gapsOf(crisis, overMs - 1)).toHaveLength(1);
    expect(gapsOf(crisis, overMs)).toEqual([]);
    expect(gapsOf({ ...crisis, daysAfterEnd: new Map() })).toEqual([]);
  });

  it('do not take a demand for what was overdue before', () => {
    expect(gapsOf({ overdueSince: '2027-03-01' })).toEqual([]);
    expect(gapsOf({ overdueSince: '2027-03-02' }).map(({ what }) => what)).toEqual([
      'on record: demand-delivered (CN-HANDOFF)',
    ]);
  });

  it('take an arrangement that was offered in a call or a message for forbearance', () => {
    expect(gapsOf({ ...without('forbearance-offered'), offered: true })).toEqual([]);
  });

  it('take a claim for time-barred whose limitation is over, flag or not', () => {
    const [gap] = gapsOf({ timeBarred: [{ rule: 'CN-LIMITATION', lastDay: '2027-03-30' }] });
    expect(gap).toEqual({
      what: 'not-time-barred: the limitation of CN-LIMITATION ended on 2027-03-30 (HOUSE-HANDOFF, UK-BREATHING-HANDOFF, US-REGF-HANDOFF)',
      untilMs: null,
    });
  });

  it('are asked from their first day to their last', () => {
    const before = at('2026-11-19');
    const rules = rulesOn(packs, 'handoff', '2026-11-19').map(({ id }) => id);
    expect(rules).not.toContain('EU-FORBEAR');
    expect(gapsOf({ events: [] }, before).flatMap(({ what }) => idsOf(what))).not.toContain('EU-FORBEAR');
  });
});
