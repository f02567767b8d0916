import { type BankCalendar, createBankCalendar } from '../domain/bank-calendar';
import { Refusal } from '../domain/refusal';
import { openPolicyDocument, type PolicyDocument } from '../policy/policy-document';
import type { Queryable } from '../store/database';
import { getPolicy, latestPolicy, type StoredPolicy } from '../store/policies';

export interface PublishedPolicy extends PolicyDocument {
  readonly calendar: BankCalendar;
}

export type PublishedPolicies = ReturnType<typeof createPublishedPolicies>;

/** Published policies by id and version. A version never changes, so each is read and parsed once per process. */
export function createPublishedPolicies() {
  const known = new Map<string, PublishedPolicy>();

  function remember({ policyId, version, document, contentHash }: StoredPolicy): PublishedPolicy {
    const opened = openPolicyDocument(document, contentHash);
    const { timezone, workdays } = opened.policy;
    const published = { ...opened, calendar: createBankCalendar({ zone: timezone, workdays }) };
    known.set(`${policyId}@${version}`, published);
    return published;
  }

  return {
    /** The version that a case is pinned to. Throws `NotFound` when it was never published. */
    async pinned(db: Queryable, id: string, version: string): Promise<PublishedPolicy> {
      const cached = known.get(`${id}@${version}`);
      if (cached !== undefined) return cached;
      const row = await getPolicy(db, id, version);
      if (row === null) throw new Refusal('NotFound', `policy ${id} ${version} is not published`);
      return remember(row);
    },

    /** The version that a new case is given. Throws `NotFound` when none is published. */
    async latest(db: Queryable, id: string): Promise<PublishedPolicy> {
      const row = await latestPolicy(db, id);
      if (row === null) throw new Refusal('NotFound', `policy ${id} is not published`);
      return known.get(`${id}@${row.version}`) ?? remember(row);
    },
  };
}
