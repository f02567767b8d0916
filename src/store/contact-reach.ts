import { z } from 'zod';
import { channels } from '../domain/case';
import type { Attempt } from '../domain/contact/failed-attempts';
import type { FlagName } from '../domain/contact/flag';
import { connections, contactStates } from '../domain/contact/past-contact';
import type { Queryable } from './database';
import { many, maybeOne, one } from './rows';

const flagRow = z.object({ id: z.coerce.number() });

/** Whether any phone number or mail address of the borrower's own is still in use. */
export async function canBeReached(db: Queryable, customerId: string): Promise<boolean> {
  const text = `select exists (select from contact_point where customer_id = $1 and kind in ('phone', 'email')
    and party_id is null and state in ('unverified', 'verified')) as reachable`;
  return (await one(db, z.object({ reachable: z.boolean() }), text, [customerId])).reachable;
}

/** The phone numbers of the borrower's own that are in use. */
export async function ownNumbersInUse(db: Queryable, customerId: string): Promise<string[]> {
  const text = `select value from contact_point where customer_id = $1 and kind = 'phone' and party_id is null
    and state in ('unverified', 'verified') order by value`;
  return (await many(db, z.object({ value: z.string() }), text, [customerId])).map(({ value }) => value);
}

const attemptRow = z.object({
  channel: z.enum(channels),
  atMs: z.int(),
  state: z.enum(contactStates),
  direction: z.enum(['outbound', 'inbound']),
  contactPoint: z.string().nullable(),
  connection: z.enum(connections).nullable(),
  outcome: z.string().nullable(),
});

/** Calls to and visits at the borrower, and all that they wrote: what lost contact is found from. */
export async function attemptsToReach(db: Queryable, customerId: string): Promise<Attempt[]> {
  const text = `select channel, at as "atMs", state, direction, contact_point as "contactPoint", connection, outcome
      from contact where customer_id = $1 and party_id is null and (channel in ('call', 'visit') or direction = 'inbound')
    union all
    select m.channel, m.at, 'delivered', 'inbound', m.sender, null, null
      from inbound_message_customer k join inbound_message m using (inbound_id)
      where k.customer_id = $1 and not exists (select from contact_point p where p.customer_id = $1
        and p.kind = case m.channel when 'sms' then 'phone' else 'email' end and lower(p.value) = lower(m.sender)
        and p.party_id is not null)`;
  return many(db, attemptRow, text, [customerId]);
}

/** The number of the borrower's or a party's flag, about all loans or about one, that has no end yet; null where there is none. */
export async function runningFlag(
  db: Queryable,
  customerId: string,
  flag: FlagName,
  loanId: string | null = null,
  partyId: string | null = null,
): Promise<number | null> {
  const text = `select flag_id as id from contact_flag where customer_id = $1 and flag = $2
    and loan_id is not distinct from $3 and party_id is not distinct from $4 and until_at is null order by flag_id limit 1`;
  return (await maybeOne(db, flagRow, text, [customerId, flag, loanId, partyId]))?.id ?? null;
}

/** The flag about the borrower, whichever loan, that one actor set and that has no end yet; null where there is none. */
export async function runningFlagSetBy(
  db: Queryable,
  customerId: string,
  flag: FlagName,
  actor: string,
): Promise<{ readonly id: number; readonly fromMs: number } | null> {
  const text = `select flag_id as id, from_at as "fromMs" from contact_flag where customer_id = $1 and flag = $2 and actor = $3
    and loan_id is null and party_id is null and until_at is null order by flag_id limit 1`;
  return maybeOne(db, flagRow.extend({ fromMs: z.int() }), text, [customerId, flag, actor]);
}
