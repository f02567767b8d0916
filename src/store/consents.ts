import type { Channel } from '../domain/case';
import { Refusal } from '../domain/refusal';
import { type Consent, consentRow, lockCustomer } from './customers';
import type { Queryable } from './database';
import { execute, instant, maybeOne } from './rows';

/** Whose word it was, and on which way. */
interface Whose {
  readonly customerId: string;
  readonly channel: Channel;
  /** Of somebody beside the borrower; without it the borrower's. */
  readonly partyId?: string | null;
}

export interface NewConsent extends Whose, Omit<Consent, 'channel'> {
  readonly actor: string;
}

/**
 * Writes down a consent or its withdrawal, with the borrower locked: a message that is about to be handed over waits for it,
 * or was handed over before it. Of each person's words on a way the latest is in force, whenever it was written down.
 * @throws Refusal NotFound; InputInvalid for a word of the future, which would hold nothing back until then, and for a
 * consent from before the opt-out in force, which cannot have taken it back.
 */
export async function recordConsent(db: Queryable, consent: NewConsent, nowMs: number): Promise<void> {
  const { customerId, channel, state, source, atMs, actor, partyId = null } = consent;
  if (atMs > nowMs) throw new Refusal('InputInvalid', 'lies in the future', 'at');
  await lockCustomer(db, customerId);
  const known = state === 'opted-in' ? await consentInForce(db, consent, nowMs) : null;
  if (known?.state === 'opted-out' && known.atMs > atMs) {
    throw new Refusal('InputInvalid', 'lies before the opt-out in force', 'at');
  }
  const text = `insert into consent (customer_id, channel, state, source, at, party_id, actor)
    values ($1, $2, $3, $4, $5, $6, $7)`;
  await execute(db, text, [customerId, channel, state, source, instant(atMs), partyId, actor]);
}

/** The latest word of a person on a way; null where there is none. What is dated later than now is no word yet. */
export async function consentInForce(
  db: Queryable,
  { customerId, channel, partyId = null }: Whose,
  nowMs: number,
): Promise<Consent | null> {
  const text = `select channel, state, source, actor, at as "atMs" from consent
    where customer_id = $1 and channel = $2 and party_id is not distinct from $3 and at <= $4
    order by at desc, consent_id desc limit 1`;
  return maybeOne(db, consentRow, text, [customerId, channel, partyId, instant(nowMs)]);
}
