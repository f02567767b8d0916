import { channels } from '../../src/domain/case';
import { consentInForce } from '../../src/store/consents';
import type { Queryable } from '../../src/store/database';

/** The ways that the borrower, or somebody beside them, has closed. */
export async function closedWays(
  db: Queryable,
  customerId: string,
  partyId: string | null = null,
): Promise<Set<string>> {
  const closed = new Set<string>();
  for (const channel of channels) {
    const known = await consentInForce(db, { customerId, channel, partyId }, Date.parse('2100-01-01T00:00:00Z'));
    if (known?.state === 'opted-out') closed.add(channel);
  }
  return closed;
}
