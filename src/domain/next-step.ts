import type { CaseFacts, CaseState, Decision, TimetableStage, TimetableStep } from './case';
import { holds } from './condition';
import { missingForLegal } from './legal-precondition';

const unwantedReason = 'the condition of the step, or of the later one in its place, does not hold';

/**
 * The one decision of a case: what happens next, and why. Pure: same state, facts and instant, same answer.
 *
 * Order of precedence: a loan that is paid or sold closes, even in a pause; a pause or a running promise rests everything else, but for the
 * reminder of a promise that the policy allows;
 * stages are entered one by one and never skipped; of contacts missed on earlier days only the latest is made;
 * every comparison with the clock is `>=`, so a late look loses nothing (design, decisions 3, 9 and 11).
 * The policy reaches this function as the case's timetable, part of the facts.
 */
export function nextStep(state: CaseState, facts: CaseFacts, nowMs: number): Decision {
  if (facts.sold === true) return { do: 'close', why: 'sold', reason: 'the loan was sold' };
  if (facts.cleared) {
    return isBeforeDue(state, facts)
      ? { do: 'close', why: 'paid-before-due', reason: 'paid before the due date' }
      : { do: 'close', why: 'arrears-cleared', reason: 'nothing is overdue' };
  }
  // Both ends are compared with the clock: a case looks again at the facts it has when a rest is over.
  if (facts.pause !== null && (facts.pause.untilMs === null || facts.pause.untilMs > nowMs)) {
    return { do: 'wait', untilMs: facts.pause.untilMs, reason: 'paused' };
  }
  if (facts.hold !== null && facts.hold.untilMs > nowMs) {
    return whileHeld(state, facts.hold, nowMs);
  }
  return enterNextStage(state, facts, nowMs) ?? takeDueStep(state, facts, nowMs) ?? waitForNext(state, facts, nowMs);
}

function whileHeld(
  state: CaseState,
  { untilMs, reason, allows = [] }: NonNullable<CaseFacts['hold']>,
  nowMs: number,
): Decision {
  const allowed = allows.filter(({ key }) => !state.done.includes(key));
  const step = allowed.find((one) => isDue(one, nowMs) && !isDeferred(one, state, nowMs));
  if (step !== undefined) return { do: step.action.kind, step, supersedes: [], reason: `${step.key} is due` };
  const instants = allowed
    .map((one) =>
      isDeferred(one, state, nowMs) ? Math.max(one.dueAtMs ?? 0, state.deferred?.untilMs ?? 0) : one.dueAtMs,
    )
    .filter((atMs) => atMs !== null);
  return { do: 'wait', untilMs: Math.min(untilMs, ...instants), reason };
}

function isBeforeDue(state: CaseState, facts: CaseFacts): boolean {
  return facts.timetable.stages.some(({ name, beforeDue }) => name === state.stage && beforeDue === true);
}

function enterNextStage(state: CaseState, facts: CaseFacts, nowMs: number): Decision | null {
  const next = stageAfter(state, facts);
  if (next === undefined || (next.legal !== undefined && legalRests(facts, nowMs))) return null;
  const cause = causeToEnter(next, facts, nowMs);
  if (cause === null) return null;
  if (next.legal === undefined || facts.legal === 'approved')
    return { do: 'escalate', stage: next.name, reason: cause };
  if (facts.legal !== null) return null; // proposed or rejected: a person's turn
  const missing = missingForLegal(next.legal, facts, nowMs);
  if (missing.length === 0) return { do: 'proposeLegal', stage: next.name, reason: cause };
  if (sameList(missing, state.legalMissing)) return null;
  return { do: 'refuseLegal', missing, reason: `legal handoff needs ${missing.join('; ')}` };
}

/** Whether legal means rest at this instant, whatever else goes on. */
function legalRests({ legalRest }: CaseFacts, nowMs: number): boolean {
  return legalRest !== undefined && (legalRest.untilMs === null || legalRest.untilMs > nowMs);
}

function stageAfter(state: CaseState, facts: CaseFacts): TimetableStage | undefined {
  const { stages } = facts.timetable;
  return stages[stages.findIndex(({ name }) => name === state.stage) + 1];
}

function causeToEnter(stage: TimetableStage, facts: CaseFacts, nowMs: number): string | null {
  if (stage.legal !== undefined && facts.legal === 'approved') return 'legal handoff approved';
  if (stage.fromMs !== null && stage.fromMs <= nowMs) return `${facts.effectiveDpd} days past due`;
  const { stages } = facts.timetable;
  const place = (named: string | null | undefined): number => stages.findIndex(({ name }) => name === named);
  const isEnough = stage.brokenPromises !== undefined && facts.brokenPromises >= stage.brokenPromises;
  if (isEnough || place(facts.brokenPromisesTo) >= stages.indexOf(stage)) {
    return `${facts.brokenPromises} promises broken`;
  }
  return place(facts.escalateTo) >= stages.indexOf(stage) ? 'escalated by a person or an outcome' : null;
}

function takeDueStep(state: CaseState, facts: CaseFacts, nowMs: number): Decision | null {
  const due = facts.timetable.steps.filter((step) => isOpen(step, state, facts, nowMs) && isDue(step, nowMs));
  const unwanted = due.filter(
    (step) => !holds(step.condition, facts, nowMs) || due.some((later) => isAnswered(step, later, facts, nowMs)),
  );
  if (unwanted.length > 0) {
    return { do: 'skip', keys: unwanted.map(({ key }) => key), reason: unwantedReason };
  }
  for (const step of due) {
    const overtaken = due.filter((other) => isOvertaken(other, due));
    if (overtaken.includes(step)) continue;
    if (isDeferred(step, state, nowMs)) continue;
    const supersedes = overtaken.filter((other) => isSameWork(other, step)).map(({ key }) => key);
    return { do: step.action.kind, step, supersedes, reason: `${step.key} is due` };
  }
  return null;
}

/**
 * Not taken yet, and neither a courtesy whose time is over (nobody is told "due soon" of what is overdue) nor a legal step
 * of a handoff that nobody approved, or while legal means rest.
 */
function isOpen(step: TimetableStep, state: CaseState, facts: CaseFacts, nowMs: number): boolean {
  if (state.done.includes(step.key)) return false;
  const stage = facts.timetable.stages.find(({ name }) => name === step.stage);
  if (step.stage === state.stage) return stage?.legal === undefined || !legalRests(facts, nowMs);
  return stage?.beforeDue !== true && stage?.legal === undefined;
}

function isDue(step: TimetableStep, nowMs: number): boolean {
  return step.dueAtMs !== null && step.dueAtMs <= nowMs;
}

function isDeferred(step: TimetableStep, state: CaseState, nowMs: number): boolean {
  return step.action.kind === 'contact' && state.deferred !== null && state.deferred.untilMs > nowMs;
}

/** Contacts replace one another; a task replaces only a task of its own kind. */
function isSameWork(a: TimetableStep, b: TimetableStep): boolean {
  if (a.action.kind === 'contact') return b.action.kind === 'contact';
  return b.action.kind === 'task' && a.action.task === b.action.task;
}

function isOvertaken(step: TimetableStep, due: readonly TimetableStep[]): boolean {
  return due.some((later) => overtakes(later, step));
}

function overtakes(later: TimetableStep, step: TimetableStep): boolean {
  return isSameWork(step, later) && (later.dueDay ?? '') > (step.dueDay ?? '');
}

/**
 * A later message is left out because the borrower was reached of late: then a missed older one is not sent in its stead.
 * A later message that is unwanted for another reason (a tier, an amount) says nothing about the older one.
 */
function isAnswered(step: TimetableStep, later: TimetableStep, facts: CaseFacts, nowMs: number): boolean {
  const notContactedWithinMs = later.condition?.notContactedWithinMs;
  if (notContactedWithinMs === undefined || !overtakes(later, step)) return false;
  return !holds({ notContactedWithinMs }, facts, nowMs);
}

function waitForNext(state: CaseState, facts: CaseFacts, nowMs: number): Decision {
  const { steps } = facts.timetable;
  const next = stageAfter(state, facts);
  let untilMs: number | null = null;
  const forPeople = waitingForPeople(facts, next, nowMs);
  let reason = forPeople;
  const consider = (atMs: number | null, why: string): void => {
    if (atMs === null || atMs <= nowMs || (untilMs !== null && untilMs <= atMs)) return;
    untilMs = atMs;
    reason = why;
  };
  if (next !== undefined) consider(next.fromMs, `stage ${next.name}`);
  for (const step of steps) if (isOpen(step, state, facts, nowMs)) consider(step.dueAtMs, step.key);
  consider(facts.legalRest?.untilMs ?? null, 'the end of the rest of legal means');
  consider(facts.nextPauseFromMs ?? null, 'a pause begins');
  consider(facts.nextCourseAtMs ?? null, 'another course may begin');
  consider(facts.nextLookAtMs ?? null, 'the last day to pay of an arrangement or a waiver');
  if (state.deferred !== null) consider(state.deferred.untilMs, `${state.deferred.key}, deferred`);
  // A case that waits for people looks then too, and still waits for them.
  consider(facts.nextClassAtMs ?? null, reason === forPeople ? forPeople : 'its class changes');
  for (const { untilMs: goodMs } of facts.handoff ?? [])
    consider(goodMs, reason === forPeople ? forPeople : 'a term before legal means is over');
  return { do: 'wait', untilMs, reason };
}

function waitingForPeople(facts: CaseFacts, next: TimetableStage | undefined, nowMs: number): string {
  if (next?.legal !== undefined && legalRests(facts, nowMs)) return 'legal means rest until somebody ends it';
  if (facts.legal === 'proposed') return 'approval of the legal handoff';
  if (facts.legal === 'rejected') return 'legal handoff was rejected; a payment or a new proposal';
  if (next?.legal !== undefined && next.fromMs !== null) {
    const missing = missingForLegal(next.legal, facts, nowMs);
    if (missing.length > 0) return `legal handoff needs ${missing.join('; ')}`;
  }
  return 'a payment or a decision';
}

function sameList(a: readonly string[], b: readonly string[] | null): boolean {
  return b !== null && a.length === b.length && a.every((item, index) => item === b[index]);
}
