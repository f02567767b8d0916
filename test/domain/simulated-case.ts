import { afterStep } from '../../src/domain/after-step';
import type { CaseFacts, CaseState, Decision, StepOutcome } from '../../src/domain/case';
import type { Day } from '../../src/domain/day';
import type { RiskTier } from '../../src/domain/loan';
import { nextStep } from '../../src/domain/next-step';
import { type Happening, type Setting, SimulatedWorld } from './simulated-world';

export interface Scenario {
  readonly tier: RiskTier;
  readonly dueDay: Day;
  /** Days past due on which the case opens; negative before the due day. */
  readonly opensOn: number;
  readonly happenings: readonly Happening[];
  /** Days in which nobody looks, counted from the due day. */
  readonly outages: readonly { readonly from: number; readonly days: number }[];
  /** What the gate says, contact after contact: hours to wait, 0 for yes, null for a no that is final. */
  readonly gate: readonly (number | null)[];
  /** After how many days a task is done, task after task; null for one that is never done. */
  readonly taskDays: readonly (number | null)[];
  /** Whether a case that wakes by its own timer decides on the facts it has, or reads them again. */
  readonly keepsFacts: boolean;
}

/** One decision with all that led to it and what came of it. */
export interface Move {
  readonly atMs: number;
  /** Moves of one look at the case share its number. */
  readonly look: number;
  readonly state: CaseState;
  /** What the decision was made on, and how things really were. */
  readonly facts: CaseFacts;
  readonly fresh: CaseFacts;
  readonly decision: Decision;
  readonly outcome: StepOutcome;
  readonly after: CaseState;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const daysSimulated = 160;
/** More than any course has stages and steps: a case that needs more decisions at one instant is going in circles. */
const movesPerLookMax = 40;

/** Runs a case from its opening to its end or to the last simulated day, as the workflow and its activities would. */
export function simulate(setting: Setting, scenario: Scenario): readonly Move[] {
  const simulation = new Simulation(setting, scenario);
  simulation.run();
  return simulation.moves;
}

class Simulation {
  readonly moves: Move[] = [];
  private readonly world: SimulatedWorld;
  private readonly dayZeroMs: number;
  private ahead: { readonly atMs: number; readonly what: Happening }[] = [];
  private nowMs: number;
  private state: CaseState;
  private facts: CaseFacts | null = null;
  private isFresh = true;
  private contactsTried = 0;
  private tasksMade = 0;

  constructor(
    { policy, calendar }: Setting,
    private readonly scenario: Scenario,
  ) {
    const { tier, dueDay, opensOn, happenings } = scenario;
    this.world = new SimulatedWorld({ policy, calendar }, tier, dueDay);
    this.dayZeroMs = calendar.startOfDayMs(dueDay);
    this.nowMs = this.dayZeroMs + opensOn * dayMs + 9 * hourMs;
    const course = policy.courses[tier];
    this.state = freeze({
      ...{ loanId: 'L-1', caseNo: 1, openAtMs: this.nowMs, policyVersion: policy.version },
      stage: (opensOn > 0 ? course.find(({ from }) => from > 0) : course[0])?.name ?? '',
      ...{ done: [], deferred: null, legalMissing: null },
    });
    for (const what of happenings) this.expect(what, this.dayZeroMs + what.day * dayMs + what.minute * 60_000);
  }

  run(): void {
    const endMs = this.dayZeroMs + daysSimulated * dayMs;
    for (let look = 1; this.nowMs < endMs; look += 1) {
      const last = this.lookOnce(look);
      if (last.do !== 'wait') return;
      this.nowMs = this.wakeMs(last.untilMs);
      this.liveThrough();
    }
  }

  /** Decides and acts until there is nothing to do but to wait, or the case is closed. */
  private lookOnce(look: number): Decision {
    for (let count = 1; count <= movesPerLookMax; count += 1) {
      const { nowMs, state } = this;
      const facts = (this.facts ??= this.read());
      const fresh = this.isFresh ? facts : this.read();
      this.isFresh = true;
      const decision = freeze(nextStep(state, facts, nowMs));
      const isAsked = fresh === facts || deedOf(nextStep(state, fresh, nowMs)) === deedOf(decision);
      const outcome: StepOutcome = isAsked ? this.carryOut(decision) : { kind: 'changed' };
      const after = freeze(afterStep(state, decision, outcome));
      this.moves.push({ atMs: nowMs, look, state, facts, fresh, decision, outcome, after });
      if (decision.do === 'wait' || (decision.do === 'close' && isAsked)) return decision;
      this.state = after;
      this.facts = this.read();
    }
    throw new Error(
      `goes in circles: ${this.moves
        .slice(-3)
        .map(({ decision }) => decision.reason)
        .join(', ')}`,
    );
  }

  private read(): CaseFacts {
    return freeze(this.world.factsAt(this.nowMs, this.state));
  }

  private carryOut(decision: Decision): StepOutcome {
    const { nowMs, world } = this;
    if (decision.do === 'proposeLegal') world.legal = 'proposed';
    if (decision.do === 'task' && decision.step.action.kind === 'task') this.makeTask(decision.step.action.task);
    if (decision.do !== 'contact' || decision.step.action.kind !== 'contact') return { kind: 'done' };
    const hours = nth(this.scenario.gate, this.contactsTried++);
    if (hours === 0) world.contactMade(decision.step.action.channel, nowMs);
    return hours === null || hours === 0 ? { kind: 'done' } : { kind: 'deferred', untilMs: nowMs + hours * hourMs };
  }

  private makeTask(kind: string): void {
    const days = nth(this.scenario.taskDays, this.tasksMade++);
    if (days === null) return;
    const channel = kind === 'visit' ? 'visit' : 'call';
    this.expect({ day: 0, minute: 0, kind: 'task-ended', channel }, this.nowMs + days * dayMs + hourMs);
  }

  private expect(what: Happening, atMs: number): void {
    this.ahead = [...this.ahead, { what, atMs: Math.max(atMs, this.nowMs + 1) }].sort((a, b) => a.atMs - b.atMs);
  }

  private wakeMs(timerMs: number | null): number {
    let wakeMs = Math.min(timerMs ?? Infinity, this.ahead[0]?.atMs ?? Infinity);
    for (const { from, days } of [...this.scenario.outages].sort((a, b) => a.from - b.from)) {
      const fromMs = this.dayZeroMs + from * dayMs;
      if (wakeMs >= fromMs && wakeMs < Infinity) wakeMs = Math.max(wakeMs, fromMs + days * dayMs);
    }
    return wakeMs;
  }

  /** Lets everything happen up to now. The case hears of it and reads the facts again. */
  private liveThrough(): void {
    const heard = this.ahead.filter(({ atMs }) => atMs <= this.nowMs);
    for (const { what, atMs } of heard) this.world.happen(what, atMs);
    this.ahead = this.ahead.slice(heard.length);
    this.isFresh = heard.length > 0 || !this.scenario.keepsFacts;
    if (this.isFresh) this.facts = null;
  }
}

/** What a decision asks for, whatever its words. */
function deedOf(decision: Decision): string {
  if (decision.do === 'wait') return 'wait';
  if (decision.do === 'contact' || decision.do === 'task') return `${decision.do} ${decision.step.key}`;
  return JSON.stringify({ ...decision, reason: '' });
}

function nth(list: readonly (number | null)[], index: number): number | null {
  return list[index % list.length] ?? null;
}

/** Nothing that a decision is given may be changed by it. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
