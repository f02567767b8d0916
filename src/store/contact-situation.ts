import { z } from 'zod';

import { channels } from '../domain/case';
import { grantCodes } from '../domain/contact/consent';
import { flagCodes } from '../domain/contact/flag';
import { partyRoles } from '../domain/contact/party';
import { connections, consumerRoles, outcomesWithoutTalk } from '../domain/contact/past-contact';
import { caseEventNames, weekdays } from '../domain/contact/situation';
import { contactStates } from './contact-row';
import type { Queryable } from './database';
import { listOf, msOf } from './json-columns';
import { instant, one } from './rows';

const atMs = z.number();
const situationRow = z.object({
  timezone: z.string(),
  toldZones: z.array(z.string()),
  soldLoanIds: z.array(z.string()),
  /** The borrower's own phone numbers that are in use. */
  numbers: z.array(z.string()),
  point: z
    .object({
      value: z.string(),
      place: z.enum(['home', 'work', 'unknown']),
      employerAllows: z.boolean().nullable(),
      state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']),
      takesSms: z.boolean(),
      partyId: z.string().nullable(),
      partyRole: z.enum(partyRoles),
    })
    .nullable(),
  flags: z.array(
    z.object({
      flag: z.enum(flagCodes),
      loanId: z.string().nullable(),
      partyId: z.string().nullable(),
      fromMs: atMs,
      untilMs: atMs.nullable(),
      confirmed: z.boolean(),
    }),
  ),
  grants: z.array(
    z.object({
      grant: z.enum(grantCodes),
      channel: z.enum(channels).nullable(),
      contactPoint: z.string().nullable(),
      atMs,
      untilMs: atMs.nullable(),
    }),
  ),
  optOuts: z.array(
    z.object({ channel: z.enum(channels), contactPoint: z.string().nullable(), partyId: z.string().nullable(), atMs }),
  ),
  inconvenient: z.array(
    z.object({
      weekdays: z.array(z.enum(weekdays)).nullable(),
      start: z.string(),
      end: z.string(),
      channel: z.enum(channels).nullable(),
    }),
  ),
  events: z.array(z.object({ event: z.enum(caseEventNames), loanId: z.string().nullable(), atMs })),
  /** The contact that was claimed under the asked key before, if any. */
  earlierState: z.enum(contactStates).nullable(),
  ledger: z.array(
    z.object({
      contactId: z.string(),
      contactKey: z.string(),
      loanId: z.string(),
      channel: z.enum(channels),
      atMs,
      state: z.enum(contactStates),
      handedOver: z.boolean(),
      direction: z.enum(['outbound', 'inbound']),
      loanIds: z.array(z.string()),
      contactPoint: z.string().nullable(),
      partyId: z.string().nullable(),
      partyRole: z.enum(partyRoles),
      purpose: z.string(),
      connection: z.enum(connections).nullable(),
      outcome: z.string().nullable(),
    }),
  ),
});
export type StoredSituation = z.infer<typeof situationRow>;

const ledgerColumns = `select contact_id as "contactId", contact_key as "contactKey", loan_id as "loanId", channel, ${msOf('at')} as "atMs", state,
    provider_id is not null as "handedOver", direction, loan_ids as "loanIds", contact_point as "contactPoint",
    party_id as "partyId", party_role as "partyRole", purpose, connection, outcome
  from contact t where t.customer_id = c.customer_id`;

// Whoever writes has begun a conversation: some rules let it be answered.
const inboundColumns = `select m.inbound_id, 'inbound/' || m.inbound_id, '', m.channel, ${msOf('m.at')},
    'delivered', true, 'inbound', '{}'::text[], m.sender,
    p.party_id, coalesce(p.party_role, 'borrower'), '', null, null
  from inbound_message_customer k join inbound_message m using (inbound_id)
  left join contact_point p on p.customer_id = k.customer_id and p.kind = case m.channel when 'sms' then 'phone' else 'email' end
    and lower(p.value) = lower(m.sender)
  where k.customer_id = c.customer_id`;

const select = `select c.timezone, c.told_timezones as "toldZones",
  array(select loan_id from sold_loan join loan l using (loan_id) where l.customer_id = c.customer_id) as "soldLoanIds",
  (select state from contact t where t.contact_key = $5) as "earlierState",
  ${listOf(`select value from contact_point p where p.customer_id = c.customer_id and kind = 'phone' and party_id is null
    and state not in ('invalid', 'reassigned') order by value`)} as numbers,
  (select row_to_json(x) from (select value, place, employer_allows as "employerAllows", state,
      takes_sms as "takesSms", party_id as "partyId", party_role as "partyRole" from contact_point p
    where p.customer_id = c.customer_id and kind = $2 and value = $3) x) as point,
  ${listOf(`select flag, loan_id as "loanId", party_id as "partyId", ${msOf('from_at')} as "fromMs",
    ${msOf('until_at')} as "untilMs", confirmed from contact_flag f where f.customer_id = c.customer_id
    order by flag_id`)} as flags,
  ${listOf(`select kind as grant, channel, contact_point as "contactPoint", ${msOf('at')} as "atMs",
    ${msOf('until_at')} as "untilMs" from contact_grant g where g.customer_id = c.customer_id
    order by grant_id`)} as grants,
  ${listOf(`select channel, null as "contactPoint", party_id as "partyId", ${msOf('at')} as "atMs" from (
      select distinct on (party_id, channel) party_id, channel, state, at from consent n
      where n.customer_id = c.customer_id order by party_id, channel, consent_id desc) in_force where state = 'opted-out'`)} as "optOuts",
  ${listOf(`select weekdays, start_time as start, end_time as end, channel from inconvenient_time i
    where i.customer_id = c.customer_id and withdrawn_at is null order by inconvenient_id`)} as inconvenient,
  ${listOf(`select event, loan_id as "loanId", ${msOf('at')} as "atMs" from contact_milestone m
    where m.customer_id = c.customer_id order by milestone_id`)} as events,
  ${listOf(`${ledgerColumns} and t.at >= $4 union all ${ledgerColumns} and t.at < $4 and (party_id is not null
      or purpose in ('terminate', 'may-remedy', 'will-remedy', 'opt-out-confirm'))
    union all ${inboundColumns} and m.at >= $4`)} as ledger
  from customer c where customer_id = $1`;

const rawSituation = z.preprocess(flattened, situationRow);

export interface SituationQuery {
  readonly customerId: string;
  readonly kind: 'phone' | 'email' | 'address';
  readonly contactPoint: string | null;
  /** Of the contact that is asked about; null where none exists yet. */
  readonly contactKey: string | null;
  /** No rule in force looks further back, but for contacts that always count. */
  readonly sinceMs: number;
}

/** Everything on record that bears on a contact with this person, in one statement. The customer must exist. */
export async function readSituation(db: Queryable, query: SituationQuery): Promise<StoredSituation> {
  const { customerId, kind, contactPoint, contactKey, sinceMs } = query;
  return one(db, rawSituation, { name: 'contact-situation', text: select }, [
    customerId,
    kind,
    contactPoint,
    instant(sinceMs),
    contactKey,
  ]);
}

function flattened(row: unknown): unknown {
  const { numbers, ...rest } = row as { numbers: readonly { value: string }[] };
  return { ...rest, numbers: numbers.map(({ value }) => value) };
}

/**
 * Whether a contact `t` told somebody of a debt who owes it or stands for who does. `roles` and `outcomes` are parameters for
 * `consumerRoles` and `outcomesWithoutTalk`.
 */
export const isCommunication = (roles: string, outcomes: string): string => `t.direction = 'outbound'
  and t.state in ('placed', 'delivered', 'unknown') and t.party_role = any(${roles})
  and (t.channel not in ('call', 'visit') or (coalesce(t.connection, 'conversation') = 'conversation'
    and coalesce(t.outcome, '') <> all(${outcomes})))`;

/**
 * When the loans were first spoken or written about with somebody who owes or stands for who does, and only those. A call
 * that nobody took and a message that names no debt to a third person tell nobody of it; where nobody knows how a call
 * went, it may have. (12 CFR 1006.2(d), 1006.34(b)(2))
 */
export async function firstContacts(
  db: Queryable,
  customerId: string,
  loanIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const row = z.object({ found: z.record(z.string(), atMs) });
  const text = `select coalesce(json_object_agg(loan_id, first), '{}') as found from (
      select named.loan_id, ${msOf('min(t.at)')} as first from contact t, unnest(t.loan_ids) as named(loan_id)
      where t.customer_id = $1 and named.loan_id = any($2)
        and ${isCommunication('$3', '$4')}
      group by named.loan_id) x`;
  const values = [customerId, loanIds, consumerRoles, outcomesWithoutTalk];
  return new Map(Object.entries((await one(db, row, text, values)).found));
}
