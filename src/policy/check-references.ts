import { type Language, languages, type Policy } from '../domain/policy';
import { riskTiers } from '../domain/loan';
import type { Path } from '../domain/problem';
import { Refusal } from '../domain/refusal';
import { didYouMean } from './did-you-mean';
import type { FileProblem, LocatedYaml, SourceFile } from './located-yaml';
import type { MessageChannel, MessageTemplate } from './message-template';
import { variablesOf } from './liquid';
import { partsOf } from './templates';

interface Reference {
  /** A text about a promise is for the reminder of one alone. */
  readonly isPromise: boolean;
  readonly path: Path;
  readonly channel: MessageChannel;
  readonly name: string;
}

/**
 * Every template that a step names must exist in the step's channel and in each language of the policy. Looks at the
 * policy as it was written, so that one run of the check finds this too when other things are wrong.
 */
export function checkReferences(
  yaml: LocatedYaml,
  messages: ReadonlyMap<string, SourceFile>,
  read: (name: string, file: SourceFile) => MessageTemplate | null,
): readonly FileProblem[] {
  const templates = new Map<string, MessageTemplate | null>();
  const wanted = languagesOf(yaml.value);
  return referencesOf(yaml.value).flatMap(({ path, channel, name, isPromise }) => {
    const file = messages.get(name);
    if (file === undefined) {
      return [yaml.problemAt(path, `no template "${name}"${didYouMean(name, messages.keys())}`)];
    }
    if (!templates.has(name)) templates.set(name, read(name, file));
    const template = templates.get(name);
    if (template === undefined || template === null) return [];
    return wanted.flatMap((language) => {
      const parts = partsOf(template, channel, language);
      if (parts === null) return [yaml.problemAt(path, `template "${name}" has no ${channel} in ${language}`)];
      if (isPromise || !speaksOfPromise(parts)) return [];
      return [yaml.problemAt(path, `template "${name}" speaks of a promise, and there may be none`)];
    });
  });
}

/** What legal means require to have been offered must be offered by some step before them, in every tier's course. */
export function checkOffers(
  yaml: LocatedYaml,
  policy: Policy,
  templates: ReadonlyMap<string, MessageTemplate>,
): readonly FileProblem[] {
  const problems = riskTiers.flatMap((tier) => {
    const course = policy.courses[tier];
    const last = course.at(-1);
    if (last?.legal === undefined) return [];
    const offered = course
      .slice(0, -1)
      .flatMap(({ steps }) =>
        steps.flatMap(({ action }) =>
          action.kind === 'task' ? action.offers : (templates.get(action.template)?.offers ?? []),
        ),
      );
    const own = isRecord(childOf(childOf(childOf(yaml.value, 'courses'), tier), last.name));
    const path = own
      ? ['courses', tier, last.name, 'requires', 'offered']
      : ['stages', last.name, 'requires', 'offered'];
    return last.legal.offered
      .filter((offer) => !offered.some((made) => made === offer))
      .map((offer) => yaml.problemAt(path, `no step before ${last.name} offers: ${offer} (tier ${tier})`));
  });
  return problems;
}

function referencesOf(written: unknown): readonly Reference[] {
  const stages = stagesIn(childOf(written, 'stages'), ['stages']);
  const own = entriesOf(childOf(written, 'courses')).flatMap(([tier, course]) => stagesIn(course, ['courses', tier]));
  const remind = childOf(childOf(written, 'promises'), 'remind');
  const reminder = namesIn(remind, ['promises', 'remind'], true);
  return [...stages, ...own, ...stagesIn(childOf(written, 'ownCourses'), ['ownCourses']), ...reminder];
}

function stagesIn(course: unknown, path: Path): readonly Reference[] {
  return entriesOf(course).flatMap(([stage, value]) => {
    const steps = childOf(value, 'steps');
    if (!Array.isArray(steps)) return [];
    return steps.flatMap((step: unknown, index) => namesIn(step, [...path, stage, 'steps', index], false));
  });
}

function namesIn(written: unknown, path: Path, isPromise: boolean): readonly Reference[] {
  return (['sms', 'email'] as const).flatMap((channel) => {
    const name = childOf(written, channel);
    return typeof name === 'string' ? [{ path: [...path, channel], channel, name, isPromise }] : [];
  });
}

function speaksOfPromise({ subject, text }: { readonly subject: string | null; readonly text: string }): boolean {
  return [subject ?? '', text].some((source) => {
    try {
      return variablesOf(source).some(([first]) => first === 'promise');
    } catch (error) {
      if (error instanceof Refusal) return false; // told by the check of the template
      throw error;
    }
  });
}

function languagesOf(written: unknown): readonly Language[] {
  const named = childOf(written, 'languages');
  return languages.filter((language) => Array.isArray(named) && named.includes(language));
}

function childOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
