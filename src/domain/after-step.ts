import type { CaseState, Decision, StepOutcome } from './case';

/** The state after a decision was carried out. Workflow and activity both use it, so that what is shown is what is. */
export function afterStep(state: CaseState, decision: Decision, outcome: StepOutcome): CaseState {
  if (outcome.kind === 'changed') return state;
  switch (decision.do) {
    case 'contact':
      if (outcome.kind === 'deferred') {
        return {
          ...state,
          done: [...state.done, ...decision.supersedes],
          deferred: { key: decision.step.key, untilMs: outcome.untilMs },
        };
      }
      return { ...state, done: [...state.done, ...decision.supersedes, decision.step.key], deferred: null };
    case 'task':
      return { ...state, done: [...state.done, ...decision.supersedes, decision.step.key] };
    case 'skip': {
      // A deferral ends with the step that it was about.
      const deferred = decision.keys.includes(state.deferred?.key ?? '') ? null : state.deferred;
      return { ...state, done: [...state.done, ...decision.keys], deferred };
    }
    case 'escalate':
      return { ...state, stage: decision.stage, legalMissing: null };
    case 'refuseLegal':
      return { ...state, legalMissing: decision.missing };
    case 'proposeLegal':
    case 'wait':
    case 'close':
      return state;
  }
}
