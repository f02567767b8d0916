import type { CaseFacts, CaseState, TimetableStage, TimetableStep } from '../../src/domain/case';
import { addDays, type Day } from '../../src/domain/day';

/** Day 0 of the sample case: its oldest overdue instalment fell due on it. */
export const dueDay: Day = '2026-03-02';

/** 10:00 in Shanghai, so many days past due. */
export function tenOClock(dpd: number): number {
  return Date.parse(`${addDays(dueDay, dpd)}T10:00:00+08:00`);
}

export function midnight(dpd: number): number {
  return Date.parse(`${addDays(dueDay, dpd)}T00:00:00+08:00`);
}

type Action = TimetableStep['action'];
export const sms: Action = { kind: 'contact', channel: 'sms', template: 'first-reminder' };
export const email: Action = { kind: 'contact', channel: 'email', template: 'first-reminder' };
export const call: Action = { kind: 'task', task: 'call' };
export const visit: Action = { kind: 'task', task: 'visit' };

export function step(key: string, dpd: number, action: Action, parts: Partial<TimetableStep> = {}): TimetableStep {
  const stage = key.slice(0, key.indexOf('/'));
  return { key, stage, dueAtMs: tenOClock(dpd), dueDay: addDays(dueDay, dpd), action, ...parts };
}

export const legalNeeds = { contacts: 2, channels: ['sms', 'call'], visits: 1, offered: ['arrangement'] } as const;

export const sampleStages: readonly TimetableStage[] = [
  { name: 'courtesy', fromMs: midnight(-3), beforeDue: true },
  { name: 'reminder', fromMs: midnight(1) },
  { name: 'team', fromMs: midnight(30), brokenPromises: 2 },
  { name: 'legal', fromMs: midnight(90), legal: legalNeeds },
];

export const sampleSteps: readonly TimetableStep[] = [
  step('courtesy/due-soon', -3, sms),
  step('reminder/first', 1, sms),
  step('reminder/mail', 4, email),
  step('reminder/call', 7, call),
  step('team/notice', 30, sms),
  step('team/call', 35, call),
  step('team/visit', 45, visit),
];

/** An overdue loan of medium risk with nothing done, nothing paused and nothing promised. */
export function sampleFacts(parts: Partial<CaseFacts> = {}): CaseFacts {
  return {
    tier: 'medium',
    branch: 'north',
    assignee: null,
    currency: 'CNY',
    rawDpd: 1,
    effectiveDpd: 1,
    bucket: 'M1',
    overdueMinor: 100_000,
    cleared: false,
    pause: null,
    hold: null,
    contacts: { made: 0, channels: [], visits: 0, lastAtMs: null },
    brokenPromises: 0,
    offered: [],
    escalateTo: null,
    legal: null,
    timetable: { stages: sampleStages, steps: sampleSteps },
    ...parts,
  };
}

/** What legal handoff asks for is on record. */
export const readyForLegal: Partial<CaseFacts> = {
  contacts: { made: 3, channels: ['sms', 'call', 'visit'], visits: 1, lastAtMs: tenOClock(45) },
  offered: ['arrangement'],
};

export function sampleState(parts: Partial<CaseState> = {}): CaseState {
  return {
    loanId: 'L-1',
    caseNo: 1,
    openAtMs: midnight(1),
    policyVersion: '1',
    stage: 'reminder',
    done: [],
    deferred: null,
    legalMissing: null,
    ...parts,
  };
}
