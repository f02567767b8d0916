import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { Decision, TimetableStep } from '../../src/domain/case';
import { holds } from '../../src/domain/condition';
import { missingForLegal } from '../../src/domain/legal-precondition';
import { nextStep } from '../../src/domain/next-step';
import { readPolicy } from '../../src/policy/read-policy';
import { anyScenario } from './scenario-arbitraries';
import { type Move, simulate } from './simulated-case';
import type { Setting } from './simulated-world';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
let setting: Setting;
beforeAll(async () => {
  setting = { policy: (await readPolicy('policies/retail.yaml')).policy, calendar };
});

const casesPerRule = 300;

/** Checks a rule on all the moves of many simulated cases under the policy that the house ships. */
function holdsFor(rule: (moves: readonly Move[]) => void): void {
  fc.assert(
    fc.property(anyScenario, (scenario) => rule(simulate(setting, scenario))),
    { numRuns: casesPerRule },
  );
}

const isDone = ({ outcome }: Move): boolean => outcome.kind === 'done';
const actedOn = (decision: Decision): readonly string[] => {
  if (decision.do === 'contact' || decision.do === 'task') return [...decision.supersedes, decision.step.key];
  return decision.do === 'skip' ? decision.keys : [];
};
/** Steps that are due, not taken, and of a stage whose steps may be taken. */
const openAt = ({ state, facts, atMs }: Move): TimetableStep[] =>
  facts.timetable.steps.filter((step) => {
    const stage = facts.timetable.stages.find(({ name }) => name === step.stage);
    const isOpen = step.stage === state.stage || (stage?.beforeDue !== true && stage?.legal === undefined);
    return isOpen && !state.done.includes(step.key) && step.dueAtMs !== null && step.dueAtMs <= atMs;
  });
const rests = ({ facts, atMs }: Move): boolean =>
  [facts.pause, facts.hold].some((rest) => rest !== null && (rest.untilMs ?? Infinity) > atMs);

describe('whatever borrowers, supervisors, providers and machines do, a case', () => {
  it('never acts on a step twice', () => {
    holdsFor((moves) => {
      const keys = moves.filter(isDone).flatMap(({ decision }) => actedOn(decision));
      assert.equal(new Set(keys).size, keys.length);
      const record = moves.at(-1)?.after.done ?? [];
      assert.equal(new Set(record).size, record.length);
    });
  });

  it('forgets nothing that it has done, and has every superseded step on record', () => {
    holdsFor((moves) => {
      for (const { state, decision, outcome, after } of moves) {
        assert.deepEqual(after.done.slice(0, state.done.length), state.done);
        if (outcome.kind === 'changed') continue;
        const supersedes = decision.do === 'contact' || decision.do === 'task' ? decision.supersedes : [];
        for (const key of supersedes) assert.ok(after.done.includes(key));
      }
    });
  });

  it('enters its stages one by one, in their order, and never goes back', () => {
    holdsFor((moves) => {
      for (const { state, facts, decision, after, outcome } of moves) {
        const names = facts.timetable.stages.map(({ name }) => name);
        const advance = names.indexOf(after.stage) - names.indexOf(state.stage);
        assert.equal(advance, decision.do === 'escalate' && outcome.kind === 'done' ? 1 : 0);
      }
    });
  });

  it('makes one contact at most in one look, however many were missed, and makes the latest that is wanted', () => {
    holdsFor((moves) => {
      const looks = new Set<number>();
      for (const move of moves) {
        // What was given up because the facts had changed was not made.
        if (move.decision.do !== 'contact' || move.outcome.kind === 'changed') continue;
        assert.ok(!looks.has(move.look));
        looks.add(move.look);
        const { step, supersedes } = move.decision;
        const contacts = openAt(move).filter(
          ({ action, condition }) => action.kind === 'contact' && holds(condition, move.facts, move.atMs),
        );
        assert.equal(contacts.at(-1)?.key, step.key);
        assert.deepEqual(
          contacts.slice(0, -1).map(({ key }) => key),
          supersedes,
        );
      }
    });
  });

  it('does nothing in a pause and while a promise runs, but close', () => {
    holdsFor((moves) => {
      for (const move of moves) if (rests(move)) assert.ok(['wait', 'close'].includes(move.decision.do));
      for (const { decision, fresh, outcome } of moves) {
        const did = outcome.kind !== 'changed' && !['wait', 'close'].includes(decision.do);
        assert.ok(!did || (fresh.pause === null && fresh.hold === null));
      }
    });
  });

  it('closes at the first look at which nothing is overdue, even in a pause, and at no other', () => {
    holdsFor((moves) => {
      for (const { facts, decision } of moves) assert.equal(decision.do === 'close', facts.cleared);
    });
  });

  it('is not proposed for legal means while anything is missing, nor handed over without approval', () => {
    holdsFor((moves) => {
      for (const { facts, decision, atMs } of moves) {
        const last = facts.timetable.stages.at(-1);
        const required = last?.legal;
        assert.ok(required !== undefined);
        if (decision.do === 'proposeLegal') assert.deepEqual(missingForLegal(required, facts, atMs), []);
        if (decision.do === 'escalate' && decision.stage === last?.name) assert.equal(facts.legal, 'approved');
      }
    });
  });

  it('waits for an instant that lies ahead, or for people, and says for what', () => {
    const forPeople = /^(paused|approval of|legal handoff|a payment)/;
    holdsFor((moves) => {
      for (const { decision, atMs, facts } of moves) {
        if (decision.do !== 'wait') continue;
        if (decision.untilMs === null) assert.match(decision.reason, forPeople);
        else assert.ok(decision.untilMs > atMs);
        // A rest without end, or nothing ahead in the timetable.
        const ahead = facts.timetable.steps.filter(
          ({ dueAtMs, stage }) => (dueAtMs ?? 0) > atMs && stage !== 'courtesy',
        );
        if (decision.untilMs === null) assert.ok(facts.pause !== null || ahead.length === 0);
      }
    });
  });

  it('leaves nothing undone when it goes to wait: no stage and no step, but what rests or was put off', () => {
    holdsFor((moves) => {
      for (const move of moves) {
        const { decision, state, facts, atMs } = move;
        if (decision.do !== 'wait' || rests(move)) continue;
        const { stages } = facts.timetable;
        const next = stages[stages.findIndex(({ name }) => name === state.stage) + 1];
        const isReached = next !== undefined && next.fromMs !== null && next.fromMs <= atMs;
        assert.ok(!isReached || next.legal !== undefined);
        const isPutOff = state.deferred !== null && state.deferred.untilMs > atMs;
        assert.ok(openAt(move).every(({ action }) => isPutOff && action.kind === 'contact'));
      }
    });
  });

  it('comes to rest or to its end after a bounded number of decisions, as the simulation itself requires', () => {
    holdsFor((moves) => assert.ok(['wait', 'close'].includes(moves.at(-1)?.decision.do ?? '')));
  });

  it('loses no escalation by a later look', () => {
    holdsFor((moves) => {
      for (const { state, facts, decision, atMs } of moves) {
        if (decision.do !== 'escalate') continue;
        for (const laterMs of [1, 3_600_000, 40 * 86_400_000]) {
          const later = nextStep(state, facts, atMs + laterMs);
          assert.ok(later.do === 'escalate' && later.stage === decision.stage);
        }
      }
    });
  });

  it('decides the same on the same state, facts and instant', () => {
    holdsFor((moves) => {
      for (const { state, facts, decision, atMs } of moves) {
        const again = nextStep(structuredClone(state), structuredClone(facts), atMs);
        assert.equal(JSON.stringify(again), JSON.stringify(decision));
      }
    });
  });

  it('meets every kind of decision and of outcome in such simulations', () => {
    const kinds = ['contact', 'task', 'skip', 'escalate', 'proposeLegal', 'refuseLegal', 'close', 'wait'];
    const wanted = [...kinds.map((kind) => `${kind} done`), 'contact deferred', 'contact changed'];
    const scenarios = fc.sample(anyScenario, { numRuns: casesPerRule, seed: 1 });
    const moves = scenarios.flatMap((scenario) => simulate(setting, scenario));
    const seen = new Set(moves.map(({ decision, outcome }) => `${decision.do} ${outcome.kind}`));
    expect([...seen]).toEqual(expect.arrayContaining(wanted));
    // Twelve rules, each on so many: above a hundred thousand decisions in all.
    expect(moves.length).toBeGreaterThan(8_500);
  });
});
