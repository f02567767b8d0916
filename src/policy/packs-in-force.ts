import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type ActorKind, actors } from '../domain/contact/actor-kind';
import { type ContactRule } from '../domain/contact/rule';
import { isDay } from '../domain/day';
import { type Path, problemsOf } from '../domain/problem';
import { Refusal } from '../domain/refusal';
import { type HashedPack, readPacks, withRules } from './contact-pack';
import { type FileProblem, formatProblem, type LocatedYaml, readLocatedYaml, type SourceFile } from './located-yaml';
import { contradictionsOf, retentionConflicts } from './pack-contradictions';
import { ruleSource } from './pack-source';
import { readSource } from './policy-files';

const reason = z.string().trim().min(10, 'must say why, in a sentence');
const change = {
  rule: z.string().min(1),
  reason,
  by: z.string().trim().min(1),
  on: z.string().refine(isDay, 'must be a day of the calendar such as "2026-01-30"'),
};

const inForceSource = z.strictObject({
  actor: z.enum(actors),
  packs: z.array(z.string().min(1)).min(1),
  /** Packs that are law for the actor, and the house's, which do not apply all the same. */
  leftOut: z
    .array(z.strictObject({ pack: z.string().min(1), reason: change.reason, by: change.by, on: change.on }))
    .default([]),
  changes: z
    .array(
      z.union(
        [
          z.strictObject({ ...change, switch: z.literal('off') }),
          z.strictObject({ ...change, set: z.record(z.string(), z.unknown()) }),
        ],
        { error: 'must name rule, reason, by, on, and either switch: off or set' },
      ),
    )
    .default([]),
});

/** A rule that the bank switched off or adjusted, and who answers for it. */
export type RuleChange = z.infer<typeof inForceSource>['changes'][number];

/** A pack that is law for the actor, or the house's, and does not apply, and who answers for it. */
export type LeftOut = z.infer<typeof inForceSource>['leftOut'][number];

/** The packs that the bank applies, with its changes, and as whom it acts. */
export interface PacksInForce {
  readonly actor: ActorKind;
  readonly packs: readonly HashedPack[];
  readonly changes: readonly RuleChange[];
  readonly leftOut?: readonly LeftOut[];
}

export interface InForceCheck {
  readonly inForce: PacksInForce | null;
  readonly problems: readonly FileProblem[];
}

/**
 * Says which of the packs there are apply. A rule is switched off or adjusted only with a reason, a name and a day, and so is
 * a whole pack left out that is law for the actor or holds the house's own limits.
 */
export function checkPacksInForce(source: SourceFile, all: readonly HashedPack[]): InForceCheck {
  const yaml = readLocatedYaml(source);
  if (yaml.problems.length > 0) return { inForce: null, problems: yaml.problems };
  const parsed = inForceSource.safeParse(yaml.value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, yaml.value).map(({ path, reason: why }) => yaml.problemAt(path, why));
    return { inForce: null, problems };
  }
  const { actor, packs: names, changes, leftOut } = parsed.data;
  const problems = names.flatMap((name, index) => {
    if (!all.some(({ id }) => id === name)) return [yaml.problemAt(['packs', index], `no pack "${name}"`)];
    return names.indexOf(name) < index ? [yaml.problemAt(['packs', index], `${name} is named twice`)] : [];
  });
  problems.push(...leftOutProblems(parsed.data, all, yaml));
  let packs = names.flatMap((name) => all.filter(({ id }) => id === name));
  changes.forEach((one, index) => {
    const result = applied(packs, one, ['changes', index], yaml);
    packs = result.packs;
    problems.push(...result.problems);
  });
  for (const { rule, reason: why } of retentionConflicts(packs.flatMap(({ rules }) => rules))) {
    problems.push(yaml.problemAt(['packs', packs.findIndex(({ rules }) => rules.includes(rule))], why));
  }
  return problems.length > 0
    ? { inForce: null, problems }
    : { inForce: { actor, packs, changes, leftOut }, problems: [] };
}

/** The bank's own limits, on which the stricter ones of the law are built: law for nobody, and left out by nobody in silence. */
const housePack = 'house';

/** A pack that binds the actor applies, and so does the house's, or somebody says why it does not. */
function leftOutProblems(
  { actor, packs, leftOut }: z.infer<typeof inForceSource>,
  all: readonly HashedPack[],
  yaml: LocatedYaml,
): readonly FileProblem[] {
  const named = leftOut.map(({ pack }) => pack);
  const wrong = leftOut.flatMap(({ pack }, index) => {
    const at = (reason: string) => [yaml.problemAt(['leftOut', index, 'pack'], reason)];
    if (!all.some(({ id }) => id === pack)) return at(`no pack "${pack}"`);
    if (packs.includes(pack)) return at(`${pack} is among the packs that apply`);
    return named.indexOf(pack) < index ? at(`${pack} is named twice`) : [];
  });
  const silent = all.filter(({ id }) => !packs.includes(id) && !named.includes(id));
  const missing = silent
    .filter(({ id, binds }) => id === housePack || binds.includes(actor))
    .map(({ id, binds }) => {
      const what = binds.includes(actor) ? `is law for ${actor}` : 'holds the bank’s own limits';
      const how = 'apply it, or name it under leftOut with reason, by and on (which day)';
      return yaml.problemAt(['packs'], `${id} ${what}: ${how}`);
    });
  return [...wrong, ...missing];
}

function applied(
  packs: readonly HashedPack[],
  one: RuleChange,
  path: Path,
  yaml: LocatedYaml,
): { readonly packs: HashedPack[]; readonly problems: readonly FileProblem[] } {
  const holder = packs.find(({ rules }) => rules.some(({ id }) => id === one.rule));
  if (holder === undefined) {
    return { packs: [...packs], problems: [yaml.problemAt([...path, 'rule'], `no rule ${one.rule} is in force`)] };
  }
  const changed = 'switch' in one ? [] : adjusted(holder.rules, one.rule, one.set);
  if ('problems' in changed) {
    const problems = changed.problems.map(({ path: at, reason: why }) => yaml.problemAt([...path, 'set', ...at], why));
    return { packs: [...packs], problems };
  }
  const rules = holder.rules.flatMap((rule) => (rule.id === one.rule ? changed : [rule]));
  return { packs: packs.map((pack) => (pack === holder ? withRules(pack, rules) : pack)), problems: [] };
}

/** The rule with other parameters. It stays the same rule of the same kind. */
function adjusted(
  rules: readonly ContactRule[],
  id: string,
  set: Readonly<Record<string, unknown>>,
): readonly ContactRule[] | { readonly problems: readonly { readonly path: Path; readonly reason: string }[] } {
  const fixed = ['id', 'kind', 'source', 'confidence'].filter((word) => Object.hasOwn(set, word));
  if (fixed.length > 0) return { problems: fixed.map((word) => ({ path: [word], reason: 'cannot be adjusted' })) };
  const written = { ...rules.find((rule) => rule.id === id), ...set };
  const parsed = ruleSource.safeParse(written);
  if (!parsed.success) return { problems: problemsOf(parsed.error, written) };
  const all = rules.map((rule) => (rule.id === id ? parsed.data : rule));
  const problems = contradictionsOf(all).map(({ path, reason: why }) => ({ path: path.slice(2), reason: why }));
  return problems.length > 0 ? { problems } : [parsed.data];
}

/**
 * Reads the file that says which packs are in force, and the packs in `packs/` beside it.
 * @throws Refusal `PolicyInvalid` with every problem.
 */
export async function readPacksInForce(path: string): Promise<PacksInForce> {
  const source = await readSource(path);
  if ('problem' in source) throw new Refusal('PolicyInvalid', formatProblem(source.problem));
  const { inForce, problems } = checkPacksInForce(source, await readPacks(join(dirname(path), 'packs')));
  if (inForce === null) throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
  return inForce;
}
