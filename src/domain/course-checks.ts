import { channelOf, type PolicyStep } from './policy';
import type { LocatedStage } from './policy-course';
import type { Path, Problem } from './problem';

type LocatedStep = LocatedStage['steps'][number];

/** What is wrong with the course of one tier: its order in time, and whether legal means can lawfully be reached. */
export function courseProblems(course: readonly LocatedStage[], graceDays: number): readonly Problem[] {
  return [
    ...course.flatMap((located, index) => [
      ...beginProblems(located, course[index - 1], graceDays),
      ...stepProblems(located, course[index + 1], graceDays),
    ]),
    ...sequenceProblems(course.flatMap(({ steps }) => steps)),
    ...legalProblems(course),
  ];
}

function beginProblems({ path, stage }: LocatedStage, before: LocatedStage | undefined, graceDays: number): Problem[] {
  const problems: Problem[] = [];
  if (before !== undefined && stage.from <= before.stage.from) {
    const reason = `day ${stage.from} must lie after day ${before.stage.from}, where ${before.stage.name} begins`;
    problems.push({ path: [...path, 'from'], reason });
  }
  if (isInGrace(stage.from, graceDays)) {
    problems.push({ path: [...path, 'from'], reason: `day ${stage.from} lies in the grace of ${graceDays} days` });
  }
  return problems;
}

function stepProblems({ stage, steps }: LocatedStage, next: LocatedStage | undefined, graceDays: number): Problem[] {
  return steps.flatMap(({ path, step }) => {
    const reasons: string[] = [];
    if (isInGrace(step.on, graceDays)) reasons.push(`day ${step.on} lies in the grace of ${graceDays} days`);
    if (stage.from <= 0 && step.on > 0)
      reasons.push(`day ${step.on} lies after the due day; ${stage.name} is for before it`);
    if (step.on < stage.from) reasons.push(`day ${step.on} lies before ${stage.name} begins on day ${stage.from}`);
    if (next !== undefined && step.on >= next.stage.from) {
      reasons.push(`day ${step.on} belongs to ${next.stage.name}, which begins on day ${next.stage.from}`);
    }
    return reasons.map((reason) => ({ path: [...path, 'on'], reason }));
  });
}

function isInGrace(day: number, graceDays: number): boolean {
  return day >= 1 && day <= graceDays;
}

/** Order, names and clashes of the steps of a whole course. */
export function sequenceProblems(steps: readonly LocatedStep[]): readonly Problem[] {
  const keys = new Set<string>();
  return steps.flatMap(({ path, step }, index) => {
    const problems: Problem[] = [];
    const before = steps[index - 1]?.step;
    if (before !== undefined && minuteOf(step) < minuteOf(before)) {
      problems.push({ path: [...path, 'on'], reason: `comes before the step above it, ${before.key}` });
    }
    if (keys.has(step.key)) {
      problems.push({ path: [...path, 'id'], reason: `another step is called ${step.key}; give one of them an id` });
    }
    keys.add(step.key);
    const earlier = steps.slice(0, index).map((other) => other.step);
    return [...problems, ...clashProblems(step, path, earlier)];
  });
}

function clashProblems(step: PolicyStep, path: Path, earlier: readonly PolicyStep[]): Problem[] {
  const { action, condition } = step;
  if (action.kind !== 'contact') return [];
  const sure = earlier.filter((other) => other.action.kind === 'contact' && other.condition === undefined);
  const clash = earlier.find((other) => other.action.kind === 'contact' && minuteOf(other) === minuteOf(step));
  if (clash !== undefined) return [{ path, reason: `contacts the borrower at the same day and time as ${clash.key}` }];
  const quietMs = condition?.notContactedWithinMs;
  const tooNear = sure.findLast((other) => quietMs !== undefined && minutesBetween(other, step) * 60_000 <= quietMs);
  if (tooNear === undefined) return [];
  // The earlier message leaves some seconds after its time, so a gap of exactly the quiet time is too short as well.
  return [
    { path: [...path, 'unless'], reason: `is never taken: ${tooNear.key} always lies within that time before it` },
  ];
}

function minuteOf({ on, at }: PolicyStep): number {
  return on * 1440 + Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
}

function minutesBetween(earlier: PolicyStep, later: PolicyStep): number {
  return minuteOf(later) - minuteOf(earlier);
}

/** Legal means need contacts on record (M6): a course that never makes them could not lead there. */
function legalProblems(course: readonly LocatedStage[]): Problem[] {
  const last = course.at(-1);
  const required = last?.stage.legal;
  if (last === undefined || required === undefined) return [];
  const made = course
    .slice(0, -1)
    .flatMap(({ steps }) => steps)
    .map(({ step }) => channelOf(step.action))
    .filter((channel) => channel !== null);
  const visits = made.filter((channel) => channel === 'visit').length;
  const problems: Problem[] = [];
  const complain = (reason: string, ...field: string[]): number =>
    problems.push({ path: [...last.path, 'requires', ...field], reason });
  for (const channel of required.channels) {
    if (!made.includes(channel)) complain(`no step before ${last.stage.name} contacts by ${channel}`, 'channels');
  }
  if (visits < required.visits) complain(`the course has ${visits} visits before ${last.stage.name}`, 'visits');
  if (made.length < required.contacts) {
    complain(`the course has ${made.length} contacts before ${last.stage.name}`, 'contacts');
  }
  return problems;
}
