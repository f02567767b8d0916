import { parsePolicy } from '../domain/parse-policy';
import { checkOffers, checkReferences } from './check-references';
import { checkTemplate } from './check-template';
import { checkNames } from './check-names';
import { type FileProblem, readLocatedYaml, type SourceFile } from './located-yaml';
import type { MessageTemplate } from './message-template';
import type { WordingRules } from './message-wording';
import { type PolicyDocument, policyDocument } from './policy-document';
import { messagesDirectory, readMessages, readSource } from './policy-files';
import { wordingRulesInForce } from './wording-rules';

export interface PolicyCheck {
  /** Null when there are problems. */
  readonly document: PolicyDocument | null;
  readonly problems: readonly FileProblem[];
}

/** Checks a policy file with the message templates in `messages/` beside it, by the rules of content that are in force. */
export async function checkPolicyFile(path: string, rules?: WordingRules): Promise<PolicyCheck> {
  const source = await readSource(path);
  if ('problem' in source) return { document: null, problems: [source.problem] };
  return checkPolicy(source, await readMessages(messagesDirectory(path)), rules ?? (await wordingRulesInForce()));
}

/**
 * Checks a policy and the templates it uses. `messages` holds every template there is, by name; only those that the
 * policy names are read.
 */
export function checkPolicy(
  source: SourceFile,
  messages: ReadonlyMap<string, SourceFile>,
  rules: WordingRules,
): PolicyCheck {
  const yaml = readLocatedYaml(source);
  if (yaml.problems.length > 0) return { document: null, problems: yaml.problems };
  const parsed = parsePolicy(yaml.value);
  const problems = parsed.problems.map(({ path, reason }) => yaml.problemAt(path, reason));
  const templates = new Map<string, MessageTemplate>();
  const checked = checkReferences(yaml, messages, (name, file) => {
    const { template, problems: found } = checkTemplate(name, file, rules);
    problems.push(...found);
    if (template !== null) templates.set(name, template);
    return template;
  });
  problems.push(...checked, ...checkNames(yaml));
  if (parsed.policy !== null) problems.push(...checkOffers(yaml, parsed.policy, templates));
  if (parsed.policy === null || problems.length > 0)
    return { document: null, problems: inOrder(problems, source.file) };
  return { document: policyDocument(parsed.policy, Object.fromEntries(templates)), problems: [] };
}

/** From top to bottom, the policy's own problems first. */
function inOrder(problems: readonly FileProblem[], first: string): readonly FileProblem[] {
  const rank = ({ file }: FileProblem): string => (file === first ? '' : file);
  return [...problems].sort(
    (a, b) => rank(a).localeCompare(rank(b)) || a.line - b.line || a.column - b.column || a.path.localeCompare(b.path),
  );
}
