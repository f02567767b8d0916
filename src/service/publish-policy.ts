import path from 'node:path';
import type { Pool } from 'pg';
import { readPolicy } from '../policy/read-policy';
import { contentHash } from '../policy/stable-json';
import { projectRoot } from '../project-root';
import { publishPolicy } from '../store/policies';

/**
 * Publishes a policy file with the templates that it uses. The same content again is known; other content under a version
 * that exists is refused.
 * @throws Refusal PolicyInvalid or PolicyImmutable.
 */
export async function publishPolicyFile(
  pool: Pool,
  file: string,
  publishedBy: string,
): Promise<{ id: string; version: string }> {
  const document = await readPolicy(path.resolve(projectRoot, file));
  const { id, version } = document.policy;
  await publishPolicy(pool, { policyId: id, version, contentHash: contentHash(document), document, publishedBy });
  return { id, version };
}
