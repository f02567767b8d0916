import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ActorKind } from '../domain/contact/actor-kind';
import type { ContactPack, ContactRule } from '../domain/contact/rule';
import { problemsOf } from '../domain/problem';
import { Refusal } from '../domain/refusal';
import { type FileProblem, formatProblem, readLocatedYaml, type SourceFile } from './located-yaml';
import { contradictionsOf } from './pack-contradictions';
import { packSource, type WrittenPack } from './pack-source';
import { readSource } from './policy-files';
import { contentHash } from './stable-json';

/** A pack as it is applied, with the hash that says which text of it that was. */
export interface HashedPack extends ContactPack {
  readonly jurisdiction: string;
  /** For whom it is law; for everybody else it is a house rule. */
  readonly binds: readonly ActorKind[];
  readonly contentHash: string;
}

export interface PackCheck {
  readonly pack: HashedPack | null;
  readonly problems: readonly FileProblem[];
}

/** Reads a pack and says what is wrong with it: its words first, then what contradicts itself. */
export function checkPack(source: SourceFile): PackCheck {
  const yaml = readLocatedYaml(source);
  if (yaml.problems.length > 0) return { pack: null, problems: yaml.problems };
  const parsed = packSource.safeParse(yaml.value);
  const found = parsed.success ? contradictionsOf(parsed.data.rules) : problemsOf(parsed.error, yaml.value);
  const problems = found.map(({ path, reason }) => yaml.problemAt(path, reason));
  return { pack: parsed.success && problems.length === 0 ? hashed(parsed.data) : null, problems };
}

export function hashed(written: WrittenPack): HashedPack {
  const { pack: id, ...rest } = written;
  return { id, ...rest, contentHash: contentHash(written) };
}

/** The pack in the words of its file: what its hash is taken of. */
export function writtenOf({ id: pack, version, jurisdiction, binds, rules }: HashedPack): WrittenPack {
  return { pack, version, jurisdiction, binds: [...binds], rules: rules as WrittenPack['rules'] };
}

/** What is kept of packs, so that a decision by them can be taken again. */
export function keptWordsOf(packs: readonly HashedPack[]) {
  return packs.map((pack) => ({
    ...{ contentHash: pack.contentHash, pack: pack.id, version: pack.version },
    written: writtenOf(pack),
  }));
}

/** A pack out of its kept words. @throws Error when they are not those that the hash was taken of. */
export function packFromWords(words: unknown, hash: string): HashedPack {
  const pack = hashed(packSource.parse(words));
  if (pack.contentHash !== hash) throw new Error(`the kept words of pack ${pack.id} are not those of hash ${hash}`);
  return pack;
}

/** The pack as it would be written, with other rules. */
export function withRules(pack: HashedPack, rules: readonly ContactRule[]): HashedPack {
  return hashed(writtenOf({ ...pack, rules }));
}

export async function checkPackFile(path: string): Promise<PackCheck> {
  const source = await readSource(path);
  return 'problem' in source ? { pack: null, problems: [source.problem] } : checkPack(source);
}

/** Whether a file is one of a single pack, and not the one that says which packs are in force. */
export async function isPackFile(path: string): Promise<boolean> {
  const source = await readSource(path);
  if ('problem' in source) return false;
  const { value } = readLocatedYaml(source);
  return typeof value === 'object' && value !== null && 'pack' in value;
}

/** Every pack of a directory, in the order of their files' names. @throws Refusal `PolicyInvalid` with every problem. */
export async function readPacks(directory: string): Promise<readonly HashedPack[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const checks = await Promise.all(
    files.map(async (file) => {
      const check = await checkPackFile(join(directory, file));
      return check.pack === null || check.pack.id === basename(file, '.yaml')
        ? check
        : misnamed(check.pack, join(directory, file));
    }),
  );
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length > 0) throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
  return checks.flatMap(({ pack }) => (pack === null ? [] : [pack]));
}

function misnamed({ id }: HashedPack, file: string): PackCheck {
  const reason = `is ${id}, so its file is ${id}.yaml`;
  return { pack: null, problems: [{ file, line: 1, column: 1, path: 'pack', reason }] };
}
