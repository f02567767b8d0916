import { Refusal } from '../domain/refusal';
import { checkPolicyFile } from './check';
import { formatProblem } from './located-yaml';
import type { PolicyDocument } from './policy-document';

/** @throws Refusal `PolicyInvalid` with every problem on its own line. */
export async function readPolicy(path: string): Promise<PolicyDocument> {
  const { document, problems } = await checkPolicyFile(path);
  if (document === null) throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
  return document;
}
