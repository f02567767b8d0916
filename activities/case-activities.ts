import { ApplicationFailure } from '@temporalio/common';
import { applyCommand } from '../src/cases/apply-command';
import { showCase } from '../src/cases/projection';
import { readCase } from '../src/cases/read-facts';
import { type ContactStepDeps, takeContactStep } from '../src/cases/take-contact-step';
import { type StepResult, takeStep } from '../src/cases/take-step';
import type { CaseCommand, CaseFacts, CaseState, Decision } from '../src/domain/case';
import { Refusal } from '../src/domain/refusal';
import { inTransaction } from '../src/store/database';

export interface CaseActivityDeps extends ContactStepDeps {
  /** The bank's time, given the case's clock when the activity was asked for. */
  readonly nowMs: (askedAtMs: number) => number;
}

export type CaseActivities = ReturnType<typeof createCaseActivities>;

/** All that a case asks of the world. Each runs at least once and has its effect once. */
export function createCaseActivities(deps: CaseActivityDeps) {
  return {
    /** Reads how the case stands and shows it in the lists. */
    async assess({ state, atMs }: { state: CaseState; atMs: number }): Promise<CaseFacts> {
      const nowMs = deps.nowMs(atMs);
      return inTransaction(deps.pool, async (db) => {
        const { facts } = await readCase(db, deps, state, nowMs);
        await showCase(db, state, facts, nowMs);
        return facts;
      });
    },

    /** Does what was decided, if fresh facts still ask for it. */
    async takeStep(step: { state: CaseState; decision: Decision; atMs: number }): Promise<StepResult> {
      const { state, decision, atMs } = step;
      const nowMs = deps.nowMs(atMs);
      if (decision.do === 'wait') throw ApplicationFailure.nonRetryable('waiting is no step', 'InputInvalid');
      if (decision.do === 'contact') return takeContactStep(deps, state, decision, nowMs);
      return takeStep(deps, state, decision, nowMs);
    },

    /** Carries out a supervisor's command; a refusal is final and is told to whoever asked. */
    async applyCommand(asked: {
      loanId: string;
      caseNo: number;
      commandId: string;
      command: CaseCommand;
      atMs: number;
    }): Promise<string> {
      try {
        return await applyCommand(deps, asked, deps.nowMs(asked.atMs));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw ApplicationFailure.create({
          type: error.type,
          message: error.message,
          nonRetryable: true,
          details: [{ field: error.field ?? null, reason: error.reason }],
        });
      }
    },
  };
}
