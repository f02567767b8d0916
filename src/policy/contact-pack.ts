import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { channels } from '../domain/case';
import type { ContactPack } from '../domain/contact-rules';
import { problemsOf } from '../domain/problem';
import { Refusal } from '../domain/refusal';
import { type FileProblem, formatProblem, readLocatedYaml, type SourceFile } from './located-yaml';
import { readSource } from './policy-files';
import { contentHash } from './stable-json';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "08:00"');
const rule = {
  id: z.string().regex(/^[A-Z][A-Z0-9-]{0,39}$/, 'must be an id such as HOUSE-HOURS'),
  channels: z.array(z.enum(channels)).min(1),
  why: z.string().min(1),
  source: z.string().min(1).optional(),
};

const packSource = z.strictObject({
  pack: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name such as house'),
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/, 'must be a version such as "2026.11"'),
  rules: z
    .array(
      z.discriminatedUnion('kind', [
        z
          .strictObject({ ...rule, kind: z.literal('timeWindow'), start: timeOfDay, end: timeOfDay })
          .refine(({ start, end }) => start < end, { path: ['end'], message: 'must lie after start' }),
        z.strictObject({
          ...rule,
          kind: z.literal('frequencyCap'),
          max: z.int().min(0).max(1000),
          scope: z.literal('person'),
          window: z.union([z.literal('calendarDay'), z.strictObject({ rollingDays: z.int().min(1).max(30) })], {
            error: 'must be calendarDay or { rollingDays: 1 to 30 }',
          }),
        }),
        z.strictObject({ ...rule, kind: z.literal('block'), flag: z.literal('opt-out') }),
      ]),
    )
    .min(1),
});

/** A pack as it is applied, with the hash that says which text of it that was. */
export interface HashedPack extends ContactPack {
  readonly contentHash: string;
}

export interface PackCheck {
  readonly pack: HashedPack | null;
  readonly problems: readonly FileProblem[];
}

export function checkPack(source: SourceFile): PackCheck {
  const yaml = readLocatedYaml(source);
  if (yaml.problems.length > 0) return { pack: null, problems: yaml.problems };
  const parsed = packSource.safeParse(yaml.value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, yaml.value).map(({ path, reason }) => yaml.problemAt(path, reason));
    return { pack: null, problems };
  }
  const { pack: id, version, rules } = parsed.data;
  const ids = rules.map((one) => one.id);
  const twice = ids.flatMap((name, index) => (ids.indexOf(name) < index ? [{ name, index }] : []));
  if (twice.length > 0) {
    const problems = twice.map(({ name, index }) => yaml.problemAt(['rules', index, 'id'], `${name} is used twice`));
    return { pack: null, problems };
  }
  return { pack: { id, version, rules, contentHash: contentHash(parsed.data) }, problems: [] };
}

export async function checkPackFile(path: string): Promise<PackCheck> {
  const source = await readSource(path);
  return 'problem' in source ? { pack: null, problems: [source.problem] } : checkPack(source);
}

/** Every pack of a directory, in the order of their files' names. @throws Refusal `PolicyInvalid` with every problem. */
export async function readPacks(directory: string): Promise<readonly HashedPack[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const checks = await Promise.all(files.map((file) => checkPackFile(join(directory, file))));
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length > 0) throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
  return checks.flatMap(({ pack }) => (pack === null ? [] : [pack]));
}
