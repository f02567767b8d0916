import type { ZodError } from 'zod';

/** Where in a document a thing stands, e.g. `['stages', 'reminder', 'steps', 2, 'sms']`. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly reason: string;
}

type Issue = ZodError['issues'][number];

/** zod's findings in the words of someone who writes rules, not code. `written` is what was parsed. */
export function problemsOf(error: ZodError, written: unknown): readonly Problem[] {
  return error.issues.flatMap((issue): readonly Problem[] => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], reason: 'is not a word of this document' }));
    }
    return [{ path, reason: valueAt(written, path) === undefined ? 'is missing' : reasonOf(issue) }];
  });
}

/** `stages.reminder.steps[2].sms` */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

const plainNames: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};

function reasonOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return typeReason(issue.expected, /received (\w+)/.exec(issue.message)?.[1] ?? '');
  if (issue.code === 'invalid_value') {
    return `must be ${issue.values.length === 1 ? '' : 'one of: '}${issue.values.map(String).join(', ')}`;
  }
  if (issue.code === 'too_small') return `${limitedThing(issue.origin)} ${issue.minimum} or more`;
  if (issue.code === 'too_big') return `${limitedThing(issue.origin)} ${issue.maximum} or less`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.code === 'invalid_union' ? unionReason(issue) : issue.message;
}

function typeReason(expected: string, received: string): string {
  if (expected === 'int' && received === 'number') return 'must be a whole number';
  const quotes = expected === 'string' && received === 'number' ? '; put it in quotes' : '';
  return `must be ${plain(expected)}, not ${plain(received)}${quotes}`;
}

function limitedThing(origin: string): string {
  if (origin === 'array') return 'entries must be';
  return origin === 'string' ? 'length must be' : 'must be';
}

function unionReason(issue: Issue): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  return options.length === 0 ? issue.message : `must be one of: ${options.join(', ')}`;
}

function plain(type: string): string {
  return plainNames[type] ?? type;
}

function valueAt(written: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined,
    written,
  );
}
