import { type BankCalendar, createBankCalendar } from '../domain/bank-calendar';
import type { Policy } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { parsePolicyDocument, type PolicyDocument } from '../policy/document';
import type { Queryable } from '../store/database';
import { getPolicy, latestPolicy } from '../store/policies';

export interface PublishedPolicy extends PolicyDocument {
  readonly policy: Policy;
  readonly calendar: BankCalendar;
}

export type PublishedPolicies = ReturnType<typeof createPublishedPolicies>;

/** Published policies by id and version. A version never changes, so each is read and parsed once per process. */
export function createPublishedPolicies() {
  const known = new Map<string, PublishedPolicy>();

  function remember(id: string, version: string, document: unknown): PublishedPolicy {
    const parsed = parsePolicyDocument(document);
    const { timezone, workdays } = parsed.policy;
    const published = { ...parsed, calendar: createBankCalendar({ zone: timezone, workdays }) };
    known.set(`${id}@${version}`, published);
    return published;
  }

  return {
    /** The version that a case is pinned to. Throws `NotFound` when it was never published. */
    async pinned(db: Queryable, id: string, version: string): Promise<PublishedPolicy> {
      const cached = known.get(`${id}@${version}`);
      if (cached !== undefined) return cached;
      const row = await getPolicy(db, id, version);
      if (row === null) throw new Refusal('NotFound', `policy ${id} ${version} is not published`);
      return remember(id, version, row.document);
    },

    /** The version that a new case is given. Throws `NotFound` when none is published. */
    async latest(db: Queryable, id: string): Promise<PublishedPolicy> {
      const row = await latestPolicy(db, id);
      if (row === null) throw new Refusal('NotFound', `policy ${id} is not published`);
      return known.get(`${id}@${row.version}`) ?? remember(id, row.version, row.document);
    },
  };
}
