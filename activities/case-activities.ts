import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { applyCommand } from '../src/cases/apply-command';
import { noteClass } from '../src/cases/note-class';
import { showCase } from '../src/cases/projection';
import { readCase } from '../src/cases/read-facts';
import { type ContactStepDeps, takeContactStep } from '../src/cases/take-contact-step';
import { takeStep } from '../src/cases/take-step';
import { tellPromises } from '../src/cases/tell-promises';
import { noteArrangements } from '../src/cases/watch-arrangements';
import { noteWaivers } from '../src/cases/watch-waivers';
import { Refusal } from '../src/domain/refusal';
import { inTransaction } from '../src/store/database';
import type { CaseActivities } from '../workflows/asks';

export interface CaseActivityDeps extends ContactStepDeps {
  /** The bank's time, given the case's clock when the activity was asked for. */
  readonly nowMs: (askedAtMs: number) => number;
}

// A few times within the time-out that the workflow names.
const heartbeatMs = 3_000;

/** What `workflows/asks.ts` says, done. */
export function createCaseActivities(deps: CaseActivityDeps): CaseActivities {
  return {
    async assess({ state, atMs }) {
      const nowMs = deps.nowMs(atMs);
      return whileAlive(() =>
        inTransaction(deps.pool, async (db) => {
          const reading = await readCase(db, deps, state, nowMs);
          await noteArrangements(db, reading, nowMs);
          await noteWaivers(db, reading, nowMs);
          await noteClass(db, reading, state, nowMs);
          await tellPromises(db, reading, nowMs);
          await showCase(db, state, reading.facts, nowMs);
          return reading.facts;
        }),
      );
    },

    async takeStep({ state, decision, atMs }) {
      const nowMs = deps.nowMs(atMs);
      if (decision.do === 'wait') throw ApplicationFailure.nonRetryable('waiting is no step', 'InputInvalid');
      return whileAlive(() =>
        decision.do === 'contact'
          ? takeContactStep(deps, state, decision, nowMs)
          : takeStep(deps, state, decision, nowMs),
      );
    },

    async applyCommand(asked) {
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

/** Says again and again that the attempt is under way; most end before the first time. */
async function whileAlive<T>(attempt: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => {
    heartbeat();
  }, heartbeatMs);
  try {
    return await attempt();
  } finally {
    clearInterval(beat);
  }
}
