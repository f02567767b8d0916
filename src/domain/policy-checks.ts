import { classificationProblems } from './classification/classification-rules';
import { riskTiers } from './loan';
import { courseProblems } from './course-checks';
import { endingProblems } from './ending/write-off-rule';
import { ownCourseProblems } from './own-course/own-course-checks';
import { courseOf } from './policy-course';
import type { OutcomeSource, PolicySource } from './policy-source';
import type { Path, Problem } from './problem';

/** What is wrong with a policy whose shape is right. Each problem once, though a stage may serve several tiers. */
export function policyProblems(source: PolicySource): readonly Problem[] {
  const inCourses = riskTiers.flatMap((tier) => courseProblems(courseOf(source, tier), source.grace.days));
  return distinct([
    ...listProblems(source),
    ...stageProblems(source),
    ...tierProblems(source),
    ...inCourses,
    ...ownCourseProblems(source),
    ...outcomeProblems(source),
    ...reminderProblems(source),
    ...endingProblems(source),
    ...classificationProblems(source.classification),
  ]);
}

function listProblems({ buckets, languages }: PolicySource): readonly Problem[] {
  const problems: Problem[] = [];
  if (new Set(languages).size < languages.length) problems.push({ path: ['languages'], reason: 'names one twice' });
  let previous: number | null = null;
  for (const [name, from] of Object.entries(buckets ?? {})) {
    if (previous === null && from !== 0) {
      problems.push({ path: ['buckets', name], reason: 'is the first bucket and must begin on day 0' });
    }
    if (previous !== null && from <= previous) {
      problems.push({
        path: ['buckets', name],
        reason: `must begin after day ${previous}, where the bucket before begins`,
      });
    }
    previous = from;
  }
  if (buckets !== undefined && previous === null) problems.push({ path: ['buckets'], reason: 'has no bucket' });
  return problems;
}

/** Where each stage begins and which one leaves the house, for the common stages and the tiers' own. */
function stageProblems(source: PolicySource): readonly Problem[] {
  const names = Object.keys(source.stages);
  if (names.length === 0) return [{ path: ['stages'], reason: 'has no stage' }];
  const written = [
    ...Object.entries(source.stages).map(([name, stage]) => ({ name, stage, path: ['stages', name] as Path })),
    ...riskTiers.flatMap((tier) =>
      Object.entries(source.courses[tier] ?? {}).map(([name, stage]) => ({
        name,
        stage,
        path: ['courses', tier, name],
      })),
    ),
  ];
  return written.flatMap(({ name, stage, path }) => {
    const problems: Problem[] = [];
    if (stage.from === undefined && (name !== names[0] || stage.steps.length === 0)) {
      problems.push({ path: [...path, 'from'], reason: 'is missing; only a first stage with steps may leave it out' });
    }
    if ((stage.requires === undefined) !== (stage.approval === undefined)) {
      problems.push({ path, reason: 'needs both requires and approval, or neither' });
    }
    if (name === 'legal' && stage.requires === undefined) {
      problems.push({ path, reason: 'must say what it requires: legal means come only after other contacts' });
    }
    if (stage.requires !== undefined && name !== names.at(-1)) {
      problems.push({ path, reason: 'is the stage that leaves the house and must be the last' });
    }
    return problems;
  });
}

function tierProblems(source: PolicySource): readonly Problem[] {
  return riskTiers.flatMap((tier) =>
    Object.entries(source.courses[tier] ?? {}).flatMap(([name, stage]) => {
      const path = ['courses', tier, name];
      const problems: Problem[] = [];
      if (!Object.hasOwn(source.stages, name)) {
        problems.push({ path, reason: `is none of the stages ${Object.keys(source.stages).join(', ')}` });
      }
      stage.steps.forEach((step, index) => {
        if (step.tiers === undefined) return;
        problems.push({
          path: [...path, 'steps', index, 'tiers'],
          reason: `has no meaning in the course of tier ${tier}`,
        });
      });
      return problems;
    }),
  );
}

function outcomeProblems(source: PolicySource): readonly Problem[] {
  return Object.entries(source.outcomes).flatMap(([code, rule]) => {
    const problems: Problem[] = [];
    const complain = (field: string, reason: string): number =>
      problems.push({ path: ['outcomes', code, field], reason });
    if (rule.escalate !== undefined && !Object.hasOwn(source.stages, rule.escalate)) {
      complain('escalate', `is none of the stages ${Object.keys(source.stages).join(', ')}`);
    }
    if (rule.task !== undefined && rule.within === undefined) complain('task', 'must say within what time it is done');
    if (rule.task === undefined && rule.within !== undefined) complain('within', 'belongs to a task');
    if (Object.keys(rule).length === 0)
      problems.push({ path: ['outcomes', code], reason: 'says nothing; leave it out' });
    return [...problems, ...promiseProblems(code, rule)];
  });
}

/** Where the course goes on while a promise runs, its own messages are sent, and there is nothing to allow. */
function reminderProblems({ promises, outcomes }: PolicySource): readonly Problem[] {
  if (promises?.remind === undefined || outcomes.promised?.hold === 'until the promised day') return [];
  const reason = 'belongs to a policy whose outcome promised says hold: until the promised day';
  return [{ path: ['promises', 'remind'], reason }];
}

function promiseProblems(code: string, rule: OutcomeSource): readonly Problem[] {
  const path = ['outcomes', code];
  const isPromise = rule.hold === 'until the promised day';
  if (isPromise && code !== 'promised')
    return [{ path: [...path, 'hold'], reason: 'only promised has a promised day' }];
  if (isPromise && rule.promisedWithinDaysMax === undefined) {
    return [{ path, reason: 'must say promisedWithinDaysMax, how far ahead a promise may lie' }];
  }
  return (['graceDays', 'promisedWithinDaysMax'] as const)
    .filter((field) => !isPromise && rule[field] !== undefined)
    .map((field) => ({ path: [...path, field], reason: 'belongs to hold: until the promised day' }));
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
