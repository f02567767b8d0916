import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, many, maybeOne } from './rows';

const summaryFields = {
  policyId: z.string(),
  version: z.string(),
  contentHash: z.string(),
  publishedAtMs: z.int(),
  publishedBy: z.string(),
};
const summaryRow = z.object(summaryFields);
const policyRow = z.object({ ...summaryFields, document: z.unknown() });
export type PolicySummary = z.infer<typeof summaryRow>;
export type StoredPolicy = z.infer<typeof policyRow>;

const summary = `policy_id as "policyId", version, content_hash as "contentHash", published_at as "publishedAtMs",
  published_by as "publishedBy"`;

/**
 * Publishes a version once and for all; the same content again is known.
 * @throws Refusal PolicyImmutable where the version was published with other content.
 */
export async function publishPolicy(
  db: Queryable,
  policy: Omit<StoredPolicy, 'publishedAtMs'>,
): Promise<'published' | 'known'> {
  const { policyId, version, contentHash, document, publishedBy } = policy;
  // The clock and not now(): versions published in one transaction keep their order.
  const text = `insert into policy (policy_id, version, content_hash, document, published_by, published_at)
    values ($1, $2, $3, $4, $5, clock_timestamp()) on conflict (policy_id, version) do nothing`;
  const values = [policyId, version, contentHash, JSON.stringify(document), publishedBy];
  if ((await execute(db, text, values)) > 0) return 'published';
  const stored = await getPolicy(db, policyId, version);
  if (stored?.contentHash === contentHash) return 'known';
  const reason = `version ${version} of policy ${policyId} was published with other content: give it a new version`;
  throw new Refusal('PolicyImmutable', reason, 'version');
}

export async function getPolicy(db: Queryable, policyId: string, version: string): Promise<StoredPolicy | null> {
  const text = `select ${summary}, document from policy where policy_id = $1 and version = $2`;
  return maybeOne(db, policyRow, text, [policyId, version]);
}

/** The version that was published last. */
export async function latestPolicy(db: Queryable, policyId: string): Promise<StoredPolicy | null> {
  const text = `select ${summary}, document from policy where policy_id = $1 order by published_at desc limit 1`;
  return maybeOne(db, policyRow, text, [policyId]);
}

/** Every version of every policy, the newest of each first, without the documents. */
export async function listPolicies(db: Queryable): Promise<PolicySummary[]> {
  return many(db, summaryRow, `select ${summary} from policy order by policy_id, published_at desc`);
}
