import { describe, expect, it } from '@jest/globals';
import { afterStep } from '../../src/domain/after-step';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { CaseFacts, CaseState, Channel, StepOutcome, TimetableStep } from '../../src/domain/case';
import { judgeContact, type PastContact } from '../../src/domain/contact-rules';
import { addDays, daysBetween } from '../../src/domain/day';
import { type RiskTier, riskTiers } from '../../src/domain/loan';
import { nextStep } from '../../src/domain/next-step';
import { type OfferKind, stepOf } from '../../src/domain/policy';
import { timetable } from '../../src/domain/timetable';
import { readPacks } from '../../src/policy/contact-pack';
import { readPolicy } from '../../src/policy/read-policy';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const dueDay = '2026-01-20'; // the course runs over the Spring Festival
const noon = '12:00';

interface Deed {
  readonly on: number;
  readonly what: string;
}

/** Follows a loan on which nobody pays and nobody answers: every task is completed on its last day, without success. */
async function courseOfSilence(tier: RiskTier): Promise<{ deeds: Deed[]; facts: CaseFacts }> {
  const { policy, templates } = await readPolicy('policies/retail.yaml');
  const packs = await readPacks('policies/packs');
  const ledger: PastContact[] = [];
  const offered = new Set<OfferKind>();
  const deeds: Deed[] = [];
  const openTasks: { readonly doneAtMs: number; readonly step: TimetableStep }[] = [];
  let nowMs = calendar.instantAt(addDays(dueDay, -10), '00:00');
  let state: CaseState = {
    ...{ loanId: 'L-1', caseNo: 1, openAtMs: nowMs, policyVersion: policy.version, stage: 'courtesy', done: [] },
    ...{ deferred: null, legalMissing: null },
  };
  const note = (what: string): number => deeds.push({ on: daysBetween(dueDay, calendar.dayOf(nowMs)), what });
  const make = (channel: Channel, key: string): StepOutcome => {
    const request = { channel, atMs: nowMs, zones: ['Asia/Shanghai'] };
    const verdict = judgeContact(request, ledger, new Set(), packs, () => calendar);
    if (verdict.kind === 'defer') return { kind: 'deferred', untilMs: verdict.untilMs };
    ledger.push({ channel, atMs: nowMs, state: 'placed', handedOver: true });
    note(key);
    return { kind: 'done' };
  };

  for (let round = 0; round < 500; round++) {
    for (const { step } of openTasks.filter(({ doneAtMs }) => doneAtMs === nowMs)) {
      const action = stepOf(policy, tier, step.key)?.action;
      if (action?.kind !== 'task' || (action.task !== 'call' && action.task !== 'visit')) continue;
      for (const offer of action.offers) offered.add(offer);
      make(action.task, step.key);
    }
    const dpd = Math.max(0, daysBetween(dueDay, calendar.dayOf(nowMs)));
    const facts: CaseFacts = {
      ...{ tier, branch: 'b', assignee: null, currency: 'CNY', rawDpd: dpd, effectiveDpd: dpd, bucket: 'M1' },
      ...{ overdueMinor: 500_000, cleared: false, pause: null, hold: null, brokenPromises: 0, escalateTo: null },
      contacts: {
        made: ledger.length,
        channels: [...new Set(ledger.map(({ channel }) => channel))],
        visits: ledger.filter(({ channel }) => channel === 'visit').length,
        lastAtMs: ledger.at(-1)?.atMs ?? null,
      },
      ...{ offered: [...offered], legal: null },
      timetable: timetable(policy, tier, dueDay, [], calendar, new Set(state.done)),
    };
    const decision = nextStep(state, facts, nowMs);
    let outcome: StepOutcome = { kind: 'done' };
    switch (decision.do) {
      case 'proposeLegal':
      case 'refuseLegal':
      case 'close':
        note(decision.do);
        return { deeds, facts };
      case 'contact':
        if (decision.step.action.kind !== 'contact') throw new Error(decision.step.key);
        outcome = make(decision.step.action.channel, decision.step.key);
        for (const offer of templates[decision.step.action.template]?.offers ?? []) offered.add(offer);
        break;
      case 'task': {
        const action = stepOf(policy, tier, decision.step.key)?.action;
        const days = action?.kind === 'task' ? action.within.amount : 0;
        const doneDay = calendar.addWorkdays(calendar.dayOf(nowMs), days);
        openTasks.push({ doneAtMs: calendar.instantAt(doneDay, noon), step: decision.step });
        break;
      }
      case 'wait': {
        const next = [decision.untilMs ?? Infinity, ...openTasks.map(({ doneAtMs }) => doneAtMs)];
        nowMs = Math.min(...next.filter((atMs) => atMs > nowMs));
        break;
      }
      case 'escalate':
        note(`> ${decision.stage}`);
        break;
      case 'skip':
        decision.keys.forEach((key) => note(`- ${key}`));
    }
    state = afterStep(state, decision, outcome);
  }
  throw new Error('the course does not end');
}

describe('the retail policy, for a borrower who never answers', () => {
  it.each(riskTiers)(
    'proposes legal handoff on day 90 and not before, with all that it requires on record (%s)',
    async (tier) => {
      const { deeds, facts } = await courseOfSilence(tier);
      expect(deeds.at(-1)).toEqual({ on: 90, what: 'proposeLegal' });
      expect(facts.contacts.made).toBeGreaterThanOrEqual(6);
      expect(facts.contacts.visits).toBeGreaterThanOrEqual(2);
      expect(facts.contacts.channels).toEqual(expect.arrayContaining(['sms', 'email', 'call']));
      expect(facts.offered).toEqual(['arrangement']);
      expect(deeds.filter(({ what }) => what.startsWith('>')).map(({ what }) => what)).toEqual([
        '> reminder',
        '> follow-up',
        '> team',
      ]);
    },
  );

  it('goes through the common course day by day', async () => {
    const { deeds } = await courseOfSilence('medium');
    expect(deeds.map(({ on, what }) => `${on} ${what}`)).toEqual([]);
  });

  it('is earlier and closer for high risk, later and gentler for low', async () => {
    const [low, medium, high] = await Promise.all(riskTiers.map(async (tier) => (await courseOfSilence(tier)).deeds));
    const dayOf = (deeds: readonly Deed[] | undefined, what: RegExp) => deeds?.find((deed) => what.test(deed.what))?.on;
    for (const what of [/^> follow-up/, /^> team/, /visit/, /call/]) {
      expect(dayOf(high, what)).toBeLessThan(dayOf(medium, what)!);
      expect(dayOf(medium, what)).toBeLessThan(dayOf(low, what)!);
    }
    expect(low?.some(({ on }) => on < 0)).toBe(false);
    expect(medium?.some(({ on }) => on < 0)).toBe(true);
    expect(high!.length).toBeGreaterThan(medium!.length);
  });
});
