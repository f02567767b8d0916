import type { Condition } from './case';
import type { RiskTier } from './loan';
import type { PolicyAction, PolicyStage, PolicyStep } from './policy';
import type { PolicySource, StageSource, StepSource } from './policy-source';
import type { Path } from './problem';

/** A tier's course with the places its parts were written at, so that a problem names its line. */
export interface LocatedStage {
  readonly path: Path;
  readonly source: StageSource;
  /** The stage without its steps. */
  readonly stage: Omit<PolicyStage, 'steps'>;
  readonly steps: readonly { readonly path: Path; readonly step: PolicyStep }[];
}

/**
 * The course of a tier: the common stages, each replaced as a whole by the tier's own where it has one,
 * without the steps that are for other tiers.
 */
export function courseOf(source: PolicySource, tier: RiskTier): readonly LocatedStage[] {
  const own = source.courses[tier] ?? {};
  return Object.entries(source.stages).map(([name, common]) => {
    const replacement = Object.hasOwn(own, name) ? own[name] : undefined;
    const path: Path = replacement === undefined ? ['stages', name] : ['courses', tier, name];
    return locate(name, replacement ?? common, path, tier, source.contactAt);
  });
}

export function allCourses(source: PolicySource): Readonly<Record<RiskTier, readonly LocatedStage[]>> {
  return { low: courseOf(source, 'low'), medium: courseOf(source, 'medium'), high: courseOf(source, 'high') };
}

function locate(name: string, source: StageSource, path: Path, tier: RiskTier, contactAt: string): LocatedStage {
  const { requires, approval, orBrokenPromises } = source;
  const steps = source.steps.map((step, index) => ({ source: step, path: [...path, 'steps', index] }));
  return {
    path,
    source,
    stage: {
      name,
      // Only the first stage may leave it out: it then begins with its first step.
      from: source.from ?? source.steps[0]?.on ?? 0,
      ...(orBrokenPromises !== undefined && { orBrokenPromises }),
      ...(requires !== undefined && approval !== undefined && { legal: { ...requires, approval } }),
    },
    steps: steps
      .filter((step) => step.source.tiers?.includes(tier) ?? true)
      .map((step) => ({ path: step.path, step: toStep(name, step.source, contactAt) })),
  };
}

/** A step under a key that begins with the name of its stage or course. */
export function toStep(stage: string, source: StepSource, contactAt: string): PolicyStep {
  const condition = toCondition(source);
  return {
    key: `${stage}/${source.id ?? defaultId(source)}`,
    on: source.on,
    at: source.at ?? contactAt,
    action: toAction(source),
    ...(condition !== undefined && { condition }),
  };
}

export function actionName({ sms, email, task }: StepSource): string {
  return sms !== undefined ? 'sms' : email !== undefined ? 'email' : (task ?? 'none');
}

function defaultId(step: StepSource): string {
  const { on } = step;
  const what = actionName(step);
  if (on === 0) return `due-day-${what}`;
  return on < 0 ? `${-on}-days-before-${what}` : `day-${on}-${what}`;
}

function toAction({ sms, email, task, within, asks, offers }: StepSource): PolicyAction {
  if (task !== undefined && within !== undefined) {
    return { kind: 'task', task, within, asks: asks ?? [], offers: offers ?? [] };
  }
  return sms === undefined
    ? { kind: 'contact', channel: 'email', template: email ?? '' }
    : { kind: 'contact', channel: 'sms', template: sms };
}

function toCondition(source: StepSource): Condition | undefined {
  const { overdueOver, dpdOver, contactsUnder, contactsOver } = source.if ?? {};
  const condition: Condition = {
    ...(overdueOver !== undefined && { overdueOverMinor: overdueOver }),
    ...(dpdOver !== undefined && { dpdOver }),
    ...(contactsUnder !== undefined && { contactsUnder }),
    ...(contactsOver !== undefined && { contactsOver }),
    ...(source.unless !== undefined && { notContactedWithinMs: source.unless.contactedWithin }),
  };
  return Object.keys(condition).length === 0 ? undefined : condition;
}
