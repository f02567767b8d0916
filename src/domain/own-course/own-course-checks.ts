import { sequenceProblems } from '../course-checks';
import type { PolicySource } from '../policy-source';
import type { Path, Problem } from '../problem';
import { toRestRules } from '../rest/rest-source';
import { locatedSteps } from './parse-own-courses';

/**
 * What is wrong with the own courses of a policy. A flag of one must stop the clock and legal means and let contacts go on:
 * else the case would not come back to its step, could go to court meanwhile, or would say nothing at all.
 */
export function ownCourseProblems(source: PolicySource): readonly Problem[] {
  const { situations } = toRestRules(source);
  const taken = new Set<string>();
  return Object.entries(source.ownCourses ?? {}).flatMap(([name, { for: flags, steps }]) => {
    const path: Path = ['ownCourses', name];
    const problems: Problem[] = [];
    if (Object.hasOwn(source.stages, name)) problems.push({ path, reason: 'is the name of a stage' });
    flags.forEach((flag, index) => {
      const complain = (reason: string): number => problems.push({ path: [...path, 'for', index], reason });
      if (taken.has(flag)) complain(`${flag} has another course already`);
      taken.add(flag);
      const { stops } = situations[flag];
      if (stops.includes('contacts')) complain(`${flag} stops contacts, so nothing of the course would be done`);
      const missing = (['legal', 'clock'] as const).filter((effect) => !stops.includes(effect));
      if (missing.length > 0) complain(`${flag} must stop ${missing.join(' and ')}: see situations`);
    });
    steps.forEach(({ on, tiers }, index) => {
      const at = [...path, 'steps', index];
      if (on < 0) problems.push({ path: [...at, 'on'], reason: 'lies before the course begins on day 0' });
      if (tiers !== undefined)
        problems.push({ path: [...at, 'tiers'], reason: 'has no meaning: the course is for all' });
    });
    return [...problems, ...sequenceProblems(locatedSteps(name, steps, source.contactAt))];
  });
}
