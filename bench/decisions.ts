import { createBankCalendar } from '../src/domain/bank-calendar';
import type { CaseFacts, CaseState } from '../src/domain/case';
import { riskTiers } from '../src/domain/loan';
import { nextStep } from '../src/domain/next-step';
import { timetable } from '../src/domain/timetable';
import { readPolicy } from '../src/policy/read-policy';
import { type Figure, median } from './figure';

const dueDay = '2026-03-02';
const dayMs = 86_400_000;
const roundMs = 1_000;

/** How many decisions one core makes, over the courses of all tiers and each of 120 days. */
export async function measureDecisions(): Promise<Figure> {
  const questions = await allQuestions();
  const rounds: number[] = [];
  for (let no = 0; no <= 5; no += 1) {
    const perSecond = decideFor(questions, roundMs);
    if (no > 0) rounds.push(perSecond);
  }
  const ours = median(rounds);
  const target = { atLeast: 200_000 };
  return { name: 'decisions on one core', unit: '/s', ours, raw: null, ratio: null, target, judged: 'ours', rounds };
}

interface Question {
  readonly state: CaseState;
  readonly facts: CaseFacts;
  readonly nowMs: number;
}

function decideFor(questions: readonly Question[], limitMs: number): number {
  const startMs = performance.now();
  let decided = 0;
  // What comes out is used, so that no engine may leave the work undone.
  let acts = 0;
  while (performance.now() - startMs < limitMs) {
    for (const { state, facts, nowMs } of questions) if (nextStep(state, facts, nowMs).do !== 'wait') acts += 1;
    decided += questions.length;
  }
  if (acts === 0) throw new Error('no question asked for a deed');
  return (decided / (performance.now() - startMs)) * 1000;
}

async function allQuestions(): Promise<Question[]> {
  const { policy } = await readPolicy('policies/retail.yaml');
  const calendar = createBankCalendar({ zone: policy.timezone, workdays: policy.workdays });
  const questions: Question[] = [];
  for (const tier of riskTiers) {
    const course = policy.courses[tier];
    const steps = course.flatMap((stage) => stage.steps.map((step) => ({ step, stage })));
    for (let dpd = 1; dpd <= 120; dpd += 1) {
      const nowMs = calendar.instantAt(dueDay, '10:00') + dpd * dayMs;
      // Everything before today was done, so that today's steps are due and the later ones lie ahead.
      const done = steps.filter(({ step }) => step.on < dpd).map(({ step }) => step.key);
      const stage = course.findLast(({ from, legal }) => from <= dpd && legal === undefined)?.name ?? '';
      const plan = timetable(policy, tier, dueDay, [], calendar, new Set(done));
      const state = { loanId: 'L-1', caseNo: 1, openAtMs: nowMs, policyVersion: policy.version, stage, done };
      const facts = { ...overdue(dpd), tier, timetable: plan };
      questions.push({ state: { ...state, deferred: null, legalMissing: null }, facts, nowMs });
    }
  }
  return questions;
}

function overdue(dpd: number): Omit<CaseFacts, 'tier' | 'timetable'> {
  return {
    ...{ branch: 'north', assignee: null, currency: 'CNY', rawDpd: dpd, effectiveDpd: dpd, bucket: 'M1' },
    ...{ overdueMinor: 100_000, cleared: false, pause: null, hold: null, brokenPromises: 0, offered: [] },
    contacts: { made: 3, channels: ['sms', 'email'], visits: 0, lastAtMs: null },
    ...{ escalateTo: null, legal: null },
  };
}
