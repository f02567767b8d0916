import { z } from 'zod';

import { channels } from '../domain/case';
import { grantCodes } from '../domain/contact/consent';
import { flagCodes } from '../domain/contact/flag';
import { partyRoles } from '../domain/contact/party';
import {
  connections,
  consumerRoles,
  type ContactState,
  contactStates,
  outcomesWithoutTalk,
} from '../domain/contact/past-contact';
import { caseEventNames, weekdays } from '../domain/contact/situation';
import type { Queryable } from './database';
import { msOf } from './json-columns';
import { instant, many, one } from './rows';

const atMs = z.number();

/** One kind of fact: its fields, where each comes from, and from which rows. `$1` is the customer. */
interface Kept<Shape extends z.ZodRawShape> {
  readonly row: z.ZodObject<Shape>;
  readonly columns: { readonly [Field in keyof Shape]: string };
  readonly from: string;
}

function kept<Shape extends z.ZodRawShape>(shape: Shape, columns: Kept<Shape>['columns'], from: string): Kept<Shape> {
  return { row: z.object(shape), columns, from };
}

const facts = {
  person: kept(
    { timezone: z.string(), toldZones: z.array(z.string()) },
    { timezone: 'timezone', toldZones: 'told_timezones' },
    'customer where customer_id = $1',
  ),
  soldLoan: kept(
    { loanId: z.string() },
    { loanId: 'loan_id' },
    'sold_loan join loan using (loan_id) where customer_id = $1',
  ),
  /** The contact that was claimed under the asked key before, if any. */
  earlier: kept({ state: z.enum(contactStates) }, { state: 'state' }, 'contact where contact_key = $5'),
  /** Phone numbers that are in use, the borrower's own and those of other people. */
  number: kept(
    { value: z.string(), partyId: z.string().nullable() },
    { value: 'value', partyId: 'party_id' },
    `contact_point where customer_id = $1 and kind = 'phone' and state not in ('invalid', 'reassigned')`,
  ),
  /** The contact point that is asked about, if it is on record. */
  point: kept(
    {
      value: z.string(),
      place: z.enum(['home', 'work', 'unknown']),
      employerAllows: z.boolean().nullable(),
      state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']),
      takesSms: z.boolean(),
      partyId: z.string().nullable(),
      partyRole: z.enum(partyRoles),
    },
    {
      ...{ value: 'value', place: 'place', employerAllows: 'employer_allows', state: 'state', takesSms: 'takes_sms' },
      ...{ partyId: 'party_id', partyRole: 'party_role' },
    },
    'contact_point where customer_id = $1 and kind = $2 and value = $3',
  ),
  /** What its owner owes or answers for. */
  partyLoan: kept(
    { loanId: z.string() },
    { loanId: 'loan_id' },
    `party_loan join contact_point using (customer_id, party_id)
      where customer_id = $1 and kind = $2 and value = $3`,
  ),
  flag: kept(
    {
      flag: z.enum(flagCodes),
      loanId: z.string().nullable(),
      partyId: z.string().nullable(),
      fromMs: atMs,
      untilMs: atMs.nullable(),
      confirmed: z.boolean(),
    },
    {
      ...{ flag: 'flag', loanId: 'loan_id', partyId: 'party_id', fromMs: msOf('from_at'), untilMs: msOf('until_at') },
      ...{ confirmed: 'confirmed' },
    },
    'contact_flag where customer_id = $1',
  ),
  grant: kept(
    {
      grant: z.enum(grantCodes),
      channel: z.enum(channels).nullable(),
      contactPoint: z.string().nullable(),
      partyId: z.string().nullable(),
      atMs,
      untilMs: atMs.nullable(),
    },
    {
      ...{ grant: 'kind', channel: 'channel', contactPoint: 'contact_point', partyId: 'party_id' },
      ...{ atMs: msOf('at'), untilMs: msOf('until_at') },
    },
    'contact_grant where customer_id = $1',
  ),
  optOut: kept(
    { channel: z.enum(channels), contactPoint: z.string().nullable(), partyId: z.string().nullable(), atMs },
    { channel: 'channel', contactPoint: 'null', partyId: 'party_id', atMs: msOf('at') },
    `(select distinct on (party_id, channel) party_id, channel, state, at from consent
      where customer_id = $1 and at <= $6 order by party_id, channel, at desc, consent_id desc) in_force where state = 'opted-out'`,
  ),
  inconvenient: kept(
    {
      weekdays: z.array(z.enum(weekdays)).nullable(),
      start: z.string(),
      end: z.string(),
      channel: z.enum(channels).nullable(),
    },
    { weekdays: 'weekdays', start: 'start_time', end: 'end_time', channel: 'channel' },
    'inconvenient_time where customer_id = $1 and withdrawn_at is null',
  ),
  event: kept(
    { event: z.enum(caseEventNames), loanId: z.string().nullable(), atMs },
    { event: 'event', loanId: 'loan_id', atMs: msOf('at') },
    'contact_milestone where customer_id = $1',
  ),
  contact: kept(
    {
      ...{ contactId: z.string(), contactKey: z.string(), loanId: z.string(), channel: z.enum(channels), atMs },
      ...{ state: z.enum(contactStates), handedOver: z.boolean(), direction: z.enum(['outbound', 'inbound']) },
      ...{ loanIds: z.array(z.string()), contactPoint: z.string().nullable(), partyId: z.string().nullable() },
      ...{ partyRole: z.enum(partyRoles), purpose: z.string(), connection: z.enum(connections).nullable() },
      place: z.enum(['home', 'work']).nullable(),
      outcome: z.string().nullable(),
    },
    {
      ...{
        contactId: 'contact_id',
        contactKey: 'contact_key',
        loanId: 'loan_id',
        channel: 'channel',
        atMs: msOf('at'),
      },
      ...{ state: 'state', handedOver: 'provider_id is not null', direction: 'direction', loanIds: 'loan_ids' },
      ...{ contactPoint: 'contact_point', partyId: 'party_id', partyRole: 'party_role', purpose: 'purpose' },
      ...{ connection: 'connection', outcome: 'outcome' },
      place: `(select max(place) from contact_point p where p.customer_id = contact.customer_id
        and p.value = contact.contact_point and p.place <> 'unknown')`,
    },
    // Two conditions, and an index for each.
    `contact where customer_id = $1 and (at >= $4 or party_id is not null
      or purpose in ('terminate', 'may-remedy', 'will-remedy', 'opt-out-confirm'))`,
  ),
  /** Whoever writes has begun a conversation: some rules let it be answered. */
  inbound: kept(
    {
      ...{ inboundId: z.string(), channel: z.enum(channels), atMs, sender: z.string() },
      ...{ partyId: z.string().nullable(), partyRole: z.enum(partyRoles) },
    },
    {
      ...{ inboundId: 'm.inbound_id', channel: 'm.channel', atMs: msOf('m.at'), sender: 'm.sender' },
      ...{ partyId: 'p.party_id', partyRole: `coalesce(p.party_role, 'borrower')` },
    },
    `inbound_message_customer k join inbound_message m using (inbound_id)
      left join contact_point p on p.customer_id = k.customer_id and lower(p.value) = lower(m.sender)
        and p.kind = case m.channel when 'sms' then 'phone' else 'email' end
      where k.customer_id = $1 and m.at >= $4`,
  ),
} as const;

type FactName = keyof typeof facts;
type Fact<Name extends FactName> = z.infer<(typeof facts)[Name]['row']>;

// One row per fact costs the database half of what a list per kind does: most kinds have none.
const select = Object.entries(facts)
  .map(([fact, { columns, from }]) => {
    const data = Object.entries(columns).map(([field, column]) => `'${field}', ${column}`);
    return `select '${fact}' as fact, json_build_object(${data.join(', ')}) as data from ${from}`;
  })
  .join(' union all ');

const factRow = z.object({ fact: z.string(), data: z.unknown() });

export interface StoredSituation extends Fact<'person'> {
  readonly soldLoanIds: readonly string[];
  readonly numbers: readonly Fact<'number'>[];
  readonly point: Fact<'point'> | null;
  readonly partyLoanIds: readonly string[];
  readonly flags: readonly Fact<'flag'>[];
  readonly grants: readonly Fact<'grant'>[];
  readonly optOuts: readonly Fact<'optOut'>[];
  readonly inconvenient: readonly Fact<'inconvenient'>[];
  readonly events: readonly Fact<'event'>[];
  readonly earlierState: ContactState | null;
  readonly ledger: readonly Fact<'contact'>[];
}

export interface SituationQuery {
  readonly customerId: string;
  readonly kind: 'phone' | 'email' | 'address';
  readonly contactPoint: string | null;
  /** Of the contact that is asked about; null where none exists yet. */
  readonly contactKey: string | null;
  /** No rule in force looks further back, but for contacts that always count. */
  readonly sinceMs: number;
  /** Of each person's words on a way the latest until then is in force. */
  readonly wordsUntilMs: number;
}

/** Everything on record that bears on a contact with this person, in one statement. The customer must exist. */
export async function readSituation(db: Queryable, query: SituationQuery): Promise<StoredSituation> {
  const { customerId, kind, contactPoint, contactKey, sinceMs, wordsUntilMs } = query;
  const values = [customerId, kind, contactPoint, instant(sinceMs), contactKey, instant(wordsUntilMs)];
  const rows = await many(db, factRow, { name: 'contact-situation', text: select }, values);
  const of = <Name extends FactName>(name: Name): Fact<Name>[] =>
    rows.filter(({ fact }) => fact === name).map(({ data }) => facts[name].row.parse(data) as Fact<Name>);
  const [person] = of('person');
  if (person === undefined) throw new Error('expected a customer, found none');
  return {
    ...person,
    soldLoanIds: of('soldLoan').map(({ loanId }) => loanId),
    numbers: of('number'),
    point: of('point')[0] ?? null,
    partyLoanIds: of('partyLoan').map(({ loanId }) => loanId),
    flags: of('flag'),
    grants: of('grant'),
    optOuts: of('optOut'),
    inconvenient: of('inconvenient'),
    events: of('event'),
    earlierState: of('earlier')[0]?.state ?? null,
    ledger: [...of('contact'), ...of('inbound').map(asContact)],
  };
}

/** What the borrower wrote stands in the ledger beside what they were told. */
function asContact({ inboundId, sender, ...written }: Fact<'inbound'>): Fact<'contact'> {
  return {
    ...{ contactId: inboundId, contactKey: `inbound/${inboundId}`, loanId: '', loanIds: [], contactPoint: sender },
    ...{ state: 'delivered', handedOver: true, direction: 'inbound', purpose: '', connection: null, outcome: null },
    place: null,
    ...written,
  };
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
