import type { CaseFacts, CaseState, Decision } from '../domain/case';
import { nextStep } from '../domain/next-step';
import { projectCase } from '../store/cases';
import type { Queryable } from '../store/database';

/**
 * Writes what lists show of a case. It decides with the very function and facts with which the workflow will decide in a
 * moment, so lists need no activity of their own.
 */
export async function showCase(db: Queryable, state: CaseState, facts: CaseFacts, nowMs: number): Promise<void> {
  const next = nextStep(state, facts, nowMs);
  await projectCase(db, state.loanId, state.caseNo, {
    stage: state.stage,
    rawDpd: facts.rawDpd,
    effectiveDpd: facts.effectiveDpd,
    overdueMinor: facts.overdueMinor,
    paused: facts.pause !== null,
    nextAction: next.reason,
    nextActionAtMs: next.do === 'wait' ? next.untilMs : nowMs,
  });
}

/** Whether two decisions ask for the same deed, however they came about. */
export function isSameDeed(a: Decision, b: Decision): boolean {
  return deedOf(a) === deedOf(b);
}

function deedOf(decision: Decision): string {
  switch (decision.do) {
    case 'contact':
    case 'task':
      return `${decision.do} ${decision.step.key}`;
    case 'skip':
      return `skip ${decision.keys.join()}`;
    case 'escalate':
    case 'proposeLegal':
      return `${decision.do} ${decision.stage}`;
    case 'refuseLegal':
      return `refuseLegal ${decision.missing.join()}`;
    case 'close':
      return `close ${decision.why}`;
    case 'wait':
      return 'wait';
  }
}
