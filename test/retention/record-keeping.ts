import type { Pool } from 'pg';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { readPacksInForce } from '../../src/policy/packs-in-force';
import { defaultPacksInForce } from '../../src/project-root';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { sampleCase } from '../store/samples';

/** How the retail policy and the packs that are shipped keep records. */
export async function retailKeeping(pool: Pool): Promise<RecordKeeping> {
  // The policy that counts is the one published last, after that of the samples.
  await sampleCase(pool, 'none');
  await publishPolicyFile(pool, 'policies/retail.yaml', 'test');
  const { packs } = await readPacksInForce(defaultPacksInForce);
  return { policies: createPublishedPolicies(), policyId: 'retail', packs };
}
