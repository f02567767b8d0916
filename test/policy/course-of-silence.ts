import { afterStep } from '../../src/domain/after-step';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { CaseFacts, CaseState, Channel, Decision, StepOutcome, TimetableStep } from '../../src/domain/case';
import { judgeContact } from '../../src/domain/contact/judge';
import type { PastContact } from '../../src/domain/contact/past-contact';
import type { Purpose } from '../../src/domain/contact/purpose';
import type { ContactPack } from '../../src/domain/contact/rule';
import { isNamedDay } from '../../src/domain/holiday-calendars';
import { addDays, daysBetween } from '../../src/domain/day';
import type { RiskTier } from '../../src/domain/loan';
import { nextStep } from '../../src/domain/next-step';
import { channelOf, type PolicyAction, stepOf } from '../../src/domain/policy';
import { timetable } from '../../src/domain/timetable';
import { made, situation } from '../domain/contact-samples';
import type { PolicyDocument } from '../../src/policy/policy-document';

export interface SilentCourse {
  /** What was done, with the day past due on which it was. */
  readonly deeds: readonly { readonly on: number; readonly what: string }[];
  /** How the case stood at the end. */
  readonly facts: CaseFacts;
}

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const dueDay = '2026-01-20'; // the course runs over the Spring Festival

/**
 * Follows a loan on which nobody pays and nobody answers, by the same rules as the service: every task is completed at
 * noon of the last day that it may take, without success. Ends when the case asks for legal means, or is refused them.
 */
export function courseOfSilence(document: PolicyDocument, packs: readonly ContactPack[], tier: RiskTier): SilentCourse {
  const { policy, templates } = document;
  const ledger: PastContact[] = [];
  const offered = new Set<string>();
  const deeds: { on: number; what: string }[] = [];
  const openTasks: { doneAtMs: number; step: TimetableStep; channel: Channel | null }[] = [];
  let nowMs = calendar.instantAt(addDays(dueDay, -10), '00:00');
  let state = newCase(nowMs);

  const workOf = (step: TimetableStep) => {
    const action = stepOf(policy, tier, step.key)?.action;
    return { doneAtMs: lastNoon(nowMs, action), channel: action === undefined ? null : channelOf(action) };
  };
  const note = (what: string): number => deeds.push({ on: daysBetween(dueDay, calendar.dayOf(nowMs)), what });
  const contact = (
    channel: Channel,
    step: TimetableStep,
    offers: readonly string[],
    purpose: Purpose = 'follow-up',
  ): StepOutcome => {
    const outcome = passGate(ledger, packs, channel, purpose, nowMs);
    if (outcome.kind !== 'done') return outcome;
    for (const offer of offers) offered.add(offer);
    note(step.key);
    return outcome;
  };
  const completeTasks = (): void => {
    for (const { doneAtMs, step, channel } of openTasks) {
      if (doneAtMs === nowMs && channel !== null) contact(channel, step, []); // nobody was there to be offered anything
    }
  };
  const carryOut = (decision: Decision): StepOutcome => {
    if (decision.do === 'contact' && decision.step.action.kind === 'contact') {
      const { channel, template } = decision.step.action;
      const { offers = [], purpose } = templates[template] ?? {};
      return contact(channel, decision.step, offers, purpose);
    }
    if (decision.do === 'task') openTasks.push({ step: decision.step, ...workOf(decision.step) });
    if (decision.do === 'escalate') note(`> ${decision.stage}`);
    if (decision.do === 'skip') decision.keys.forEach((key) => note(`skipped ${key}`));
    if (decision.do === 'wait') {
      const instants = [decision.untilMs ?? Infinity, ...openTasks.map(({ doneAtMs }) => doneAtMs)];
      nowMs = Math.min(...instants.filter((atMs) => atMs > nowMs));
      completeTasks();
    }
    return { kind: 'done' };
  };

  for (let round = 0; round < 500; round++) {
    const plan = timetable(policy, tier, dueDay, [], calendar, new Set(state.done));
    const facts = { ...standing(tier, nowMs), ...record(ledger), offered: [...offered], timetable: plan };
    const decision = nextStep(state, facts, nowMs);
    if (decision.do === 'proposeLegal' || decision.do === 'refuseLegal') {
      note(decision.do);
      return { deeds, facts };
    }
    state = afterStep(state, decision, carryOut(decision));
  }
  throw new Error('the course does not end');
}

function passGate(
  ledger: PastContact[],
  packs: readonly ContactPack[],
  channel: Channel,
  purpose: Purpose,
  atMs: number,
): StepOutcome {
  const asked = situation({ atMs, channel, purpose, loanIds: ['L-1'], ledger });
  const verdict = judgeContact(asked, packs, { clockOf: () => calendar, isNamedDay });
  if (verdict.kind === 'defer') return { kind: 'deferred', untilMs: verdict.untilMs };
  if (verdict.kind === 'deny') throw new Error(verdict.reason);
  const connection = channel === 'call' ? 'rang' : null;
  ledger.push({ ...made('', channel), atMs, purpose, connection });
  return { kind: 'done' };
}

function newCase(openAtMs: number): CaseState {
  return {
    ...{ loanId: 'L-1', caseNo: 1, openAtMs, policyVersion: '1', stage: 'courtesy', done: [] },
    ...{ deferred: null, legalMissing: null },
  };
}

function lastNoon(fromMs: number, action: PolicyAction | undefined): number {
  const workdays = action?.kind === 'task' ? action.within.amount : 0;
  return calendar.instantAt(calendar.addWorkdays(calendar.dayOf(fromMs), workdays), '12:00');
}

function standing(tier: RiskTier, nowMs: number): Omit<CaseFacts, 'contacts' | 'offered' | 'timetable'> {
  const dpd = Math.max(0, daysBetween(dueDay, calendar.dayOf(nowMs)));
  return {
    ...{
      tier,
      branch: 'b',
      assignee: null,
      currency: 'CNY',
      rawDpd: dpd,
      effectiveDpd: dpd,
      bucket: 'M1',
      legal: null,
    },
    ...{ overdueMinor: 500_000, cleared: false, pause: null, hold: null, brokenPromises: 0, escalateTo: null },
  };
}

function record(ledger: readonly PastContact[]): Pick<CaseFacts, 'contacts'> {
  return {
    contacts: {
      made: ledger.length,
      channels: [...new Set(ledger.map(({ channel }) => channel))],
      visits: ledger.filter(({ channel }) => channel === 'visit').length,
      lastAtMs: ledger.at(-1)?.atMs ?? null,
    },
  };
}
