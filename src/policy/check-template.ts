import { type Language, languages } from '../domain/policy';
import { type Path, problemsOf } from '../domain/problem';
import { Refusal } from '../domain/refusal';
import { variablesOf } from './liquid';
import { type FileProblem, type LocatedYaml, readLocatedYaml, type SourceFile } from './located-yaml';
import { type MessageChannel, messageTemplate, type MessageTemplate } from './message-template';
import { sampleVariables } from './message-variables';
import { type WordingRules, wordingProblems } from './message-wording';
import { partsOf, renderMessage } from './templates';

export interface TemplateCheck {
  /** Null when its shape is wrong. */
  readonly template: MessageTemplate | null;
  readonly problems: readonly FileProblem[];
}

/** Reads a template and tries every text of it with every sample, by the rules of content that are in force. */
export function checkTemplate(name: string, source: SourceFile, rules: WordingRules): TemplateCheck {
  const yaml = readLocatedYaml(source);
  if (yaml.problems.length > 0) return { template: null, problems: yaml.problems };
  const parsed = messageTemplate.safeParse(yaml.value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, yaml.value).map(({ path, reason }) => yaml.problemAt(path, reason));
    return { template: null, problems };
  }
  const template = parsed.data;
  const problems = languages.flatMap((language) =>
    (['sms', 'email'] as const).flatMap((channel) => textProblems(yaml, name, template, { channel, language }, rules)),
  );
  return { template, problems: distinct(problems) };
}

function textProblems(
  yaml: LocatedYaml,
  name: string,
  template: MessageTemplate,
  variant: { readonly channel: MessageChannel; readonly language: Language },
  rules: WordingRules,
): readonly FileProblem[] {
  const { channel, language } = variant;
  const parts = partsOf(template, channel, language);
  if (parts === null) return [];
  const pathOf = (part: 'subject' | 'text' | 'tags'): Path => {
    if (part === 'tags') return ['tags'];
    return channel === 'sms' ? ['sms', language] : ['email', language, part];
  };
  const unreadable = (['subject', 'text'] as const).flatMap((part) =>
    sourceReasons(parts[part] ?? '').map((reason) => yaml.problemAt(pathOf(part), reason)),
  );
  if (unreadable.length > 0) return unreadable;
  return sampleVariables.flatMap((variables) => {
    try {
      const message = renderMessage({ [name]: template }, name, channel, language, variables);
      const wording = wordingProblems(message, template, variant, variables, rules);
      return wording.map(({ part, reason }) => yaml.problemAt(pathOf(part), reason));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [yaml.problemAt(pathOf(error.field?.endsWith('.subject') === true ? 'subject' : 'text'), error.reason)];
    }
  });
}

function sourceReasons(text: string): readonly string[] {
  try {
    const unknown = variablesOf(text).filter((segments) => !isKnown(segments));
    return unknown.map((segments) => `no variable "${segments.map(String).join('.')}"`);
  } catch (error) {
    if (error instanceof Refusal) return [error.reason];
    throw error;
  }
}

/** Looks two levels deep; what lies inside a list is found by trying the text. */
function isKnown([first, second]: readonly unknown[]): boolean {
  const [variables] = sampleVariables;
  if (variables === undefined || !Object.hasOwn(variables, String(first))) return false;
  const value: unknown = variables[String(first) as keyof typeof variables];
  if (second === undefined || Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && typeof second === 'string' && Object.hasOwn(value, second);
}

function distinct(problems: readonly FileProblem[]): readonly FileProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
