import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { languages } from '../domain/policy';
import { problemsOf } from '../domain/problem';
import { foldWord, type ReplyWords } from '../domain/reply';
import { Refusal } from '../domain/refusal';
import { renderText } from './liquid';
import { formatProblem, readLocatedYaml } from './located-yaml';

const word = z.string().refine((text) => foldWord(text) !== '', 'must be a word');
const pattern = z
  .string()
  .min(1)
  .transform((text, context) => {
    try {
      return new RegExp(text.trim(), 'iu');
    } catch {
      context.addIssue('is not a regular expression');
      return z.NEVER;
    }
  });
const phrases = z.record(z.enum(languages), pattern).transform((byLanguage) => Object.values(byLanguage));
const text = z.record(z.enum(languages), z.string().min(1));

const source = z.strictObject({
  words: z.strictObject({ stop: z.array(word).min(1), resume: z.array(word).min(1) }),
  phrases: z.strictObject({ possibleStop: phrases, paid: phrases, callMe: phrases }),
  promise: z.array(word).min(1),
  texts: z.strictObject({
    'opt-out-confirm': text,
    'promise-taken': text,
    'promise-refused': text,
    subject: text,
  }),
});

export type ReplyText = keyof z.infer<typeof source>['texts'];

/** What people write back, and what we say to it by ourselves. */
export interface Replies {
  readonly words: ReplyWords;
  readonly texts: z.infer<typeof source>['texts'];
}

const samples = { bank: { name: 'Sample Bank', phone: '+12025550100' }, day: '2026-12-01', lastDay: '2026-12-01' };

/** Reads `policies/replies.yaml`. @throws Refusal `PolicyInvalid` with every problem on its own line. */
export async function readReplies(path: string): Promise<Replies> {
  const yaml = readLocatedYaml({ file: path, text: await readFile(path, 'utf8') });
  const parsed = source.safeParse(yaml.value);
  const problems = parsed.success
    ? yaml.problems
    : [
        ...yaml.problems,
        ...problemsOf(parsed.error, yaml.value).map(({ path: at, reason }) => yaml.problemAt(at, reason)),
      ];
  if (!parsed.success || problems.length > 0) {
    throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
  }
  const { words, phrases: said, promise, texts } = parsed.data;
  // A variable that does not exist shows now, not when somebody waits for an answer.
  for (const one of Object.values(texts).flatMap((byLanguage) => Object.values(byLanguage))) {
    for (const collector of [true, false]) renderText(one, { ...samples, amount: '¥500.00', collector });
  }
  return {
    words: {
      stop: new Set(words.stop.map(foldWord)),
      resume: new Set(words.resume.map(foldWord)),
      ...said,
      promise: [...promise].map((one) => one.toUpperCase()).sort((a, b) => b.length - a.length),
    },
    texts,
  };
}
