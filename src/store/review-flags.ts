import type { Queryable } from './database';
import { execute, instant } from './rows';

const evidenceOf = (inboundId: string): string => `message ${inboundId}`;

/** Stops messages to the person until somebody has read what they wrote. */
export async function holdForReview(
  db: Queryable,
  hold: { readonly customerId: string; readonly inboundId: string; readonly atMs: number },
): Promise<void> {
  const text = `insert into contact_flag (customer_id, flag, from_at, evidence, actor)
    values ($1, 'opt-out-review', $2, $3, 'borrower')`;
  await execute(db, text, [hold.customerId, instant(hold.atMs), evidenceOf(hold.inboundId)]);
}

/** Ends what this message brought about; other messages of the person hold on. */
export async function endReview(db: Queryable, inboundId: string, atMs: number): Promise<void> {
  const text = `update contact_flag set until_at = greatest(from_at, $2)
    where flag = 'opt-out-review' and evidence = $1 and until_at is null`;
  await execute(db, text, [evidenceOf(inboundId), instant(atMs)]);
}

/** The person used this number or address to write to us: a basis to use it, as some packs ask. */
export async function grantByMessage(
  db: Queryable,
  grant: {
    readonly customerId: string;
    readonly channel: 'sms' | 'email';
    readonly sender: string;
    /** Whose number or address it is; null: the borrower's. */
    readonly partyId: string | null;
    readonly inboundId: string;
    readonly atMs: number;
  },
): Promise<void> {
  const { customerId, channel, sender, partyId, inboundId, atMs } = grant;
  const text = `insert into contact_grant (customer_id, kind, channel, contact_point, at, evidence, actor, party_id)
    values ($1, 'inbound-message', $2, $3, $4, $5, 'borrower', $6)`;
  await execute(db, text, [customerId, channel, sender, instant(atMs), evidenceOf(inboundId), partyId]);
}
