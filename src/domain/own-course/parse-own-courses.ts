import { actionName, type LocatedStage, toStep } from '../policy-course';
import type { PolicySource, StepSource } from '../policy-source';
import type { OwnCourse } from './own-course';

/** The own courses as an officer wrote them, in their order: the first of which a flag is in force holds. */
export function toOwnCourses({ ownCourses, contactAt }: PolicySource): readonly OwnCourse[] | undefined {
  if (ownCourses === undefined) return undefined;
  return Object.entries(ownCourses).map(([name, { for: flags, steps }]) => ({
    ...{ name, flags },
    steps: locatedSteps(name, steps, contactAt).map(({ step }) => step),
  }));
}

export function locatedSteps(course: string, steps: readonly StepSource[], contactAt: string): LocatedStage['steps'] {
  return steps.map((source, index) => {
    const id = source.id ?? `day-${source.on}-${actionName(source)}`;
    return { path: ['ownCourses', course, 'steps', index], step: toStep(course, { ...source, id }, contactAt) };
  });
}
