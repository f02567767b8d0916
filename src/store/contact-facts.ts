import { z } from 'zod';
import type { Channel } from '../domain/case';
import type { GrantKind } from '../domain/contact/consent';
import type { FlagName } from '../domain/contact/flag';
import type { CaseEventName, Weekday } from '../domain/contact/situation';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, many, maybeInstant, maybeOne, one } from './rows';

/** How the bank knows, and who wrote it down. */
interface Known {
  readonly customerId: string;
  readonly evidence: string;
  readonly actor: string;
}

export interface NewFlag extends Known {
  readonly flag: FlagName;
  /** Null: whichever loan. */
  readonly loanId: string | null;
  /** Null: the borrower. */
  readonly partyId: string | null;
  readonly fromMs: number;
  /** Exclusive; null while nobody knows. */
  readonly untilMs: number | null;
  readonly confirmed: boolean;
  /** Who looks after the borrower because of it. */
  readonly handler?: string | null;
  /** The days `[fromDay, untilDay)` on which the loan rests as the policy says; without them the flag acts on contacts alone. */
  readonly days?: { readonly fromDay: Day; readonly untilDay: Day | null };
}

export interface NewGrant extends Known {
  readonly grant: GrantKind;
  /** Null: every channel, or every contact point. */
  readonly channel: Channel | null;
  readonly contactPoint: string | null;
  /** Who gave it; null: the borrower. */
  readonly partyId: string | null;
  readonly atMs: number;
  readonly untilMs: number | null;
}

export interface NewInconvenientTime extends Known {
  /** Null: every day. */
  readonly weekdays: readonly Weekday[] | null;
  readonly start: string;
  readonly end: string;
  readonly channel: Channel | null;
}

export interface NewMilestone extends Known {
  readonly event: CaseEventName;
  readonly loanId: string | null;
  readonly atMs: number;
}

const idRow = z.object({ id: z.coerce.number() });

/** Answers the flag's number. */
export async function addFlag(db: Queryable, flag: NewFlag): Promise<number> {
  const text = `insert into contact_flag (customer_id, flag, loan_id, party_id, from_at, until_at, confirmed, evidence, actor,
      handler, from_day, until_day)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning flag_id as id`;
  const { customerId, loanId, partyId, fromMs, untilMs, confirmed, evidence, actor } = flag;
  const when = [instant(fromMs), maybeInstant(untilMs)];
  const rests = [flag.handler ?? null, flag.days?.fromDay ?? null, flag.days?.untilDay ?? null];
  const values = [customerId, flag.flag, loanId, partyId, ...when, confirmed, evidence, actor, ...rests];
  return (await one(db, idRow, text, values)).id;
}

/** The flags about a loan that one actor set and nobody has ended. */
export async function openFlagsSetBy(
  db: Queryable,
  { customerId, loanId, flag, actor }: Pick<NewFlag, 'customerId' | 'loanId' | 'flag' | 'actor'>,
): Promise<number[]> {
  const text = `select flag_id as id from contact_flag
    where customer_id = $1 and loan_id = $2 and flag = $3 and actor = $4 and ended_by is null`;
  return (await many(db, idRow, text, [customerId, loanId, flag, actor])).map(({ id }) => id);
}

export async function addGrant(db: Queryable, grant: NewGrant): Promise<number> {
  const text = `insert into contact_grant (customer_id, kind, channel, contact_point, at, until_at, evidence, actor, party_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning grant_id as id`;
  const { customerId, channel, contactPoint, partyId, atMs, untilMs, evidence, actor } = grant;
  const values = [
    customerId,
    grant.grant,
    channel,
    contactPoint,
    instant(atMs),
    maybeInstant(untilMs),
    evidence,
    actor,
    partyId,
  ];
  return (await one(db, idRow, text, values)).id;
}

export async function addInconvenientTime(db: Queryable, time: NewInconvenientTime): Promise<number> {
  const text = `insert into inconvenient_time (customer_id, weekdays, start_time, end_time, channel, evidence, actor)
    values ($1, $2, $3, $4, $5, $6, $7) returning inconvenient_id as id`;
  const { customerId, start, end, channel, evidence, actor } = time;
  return (await one(db, idRow, text, [customerId, time.weekdays, start, end, channel, evidence, actor])).id;
}

export async function addMilestone(db: Queryable, milestone: NewMilestone): Promise<number> {
  const text = `insert into contact_milestone (customer_id, loan_id, event, at, evidence, actor)
    values ($1, $2, $3, $4, $5, $6) returning milestone_id as id`;
  const { customerId, loanId, event, atMs, evidence, actor } = milestone;
  return (await one(db, idRow, text, [customerId, loanId, event, instant(atMs), evidence, actor])).id;
}

/** What may come to an end, and where it is written. */
const endings = {
  flag: { table: 'contact_flag', key: 'flag_id', ends: 'until_at', begins: 'from_at', name: 'flag' },
  grant: { table: 'contact_grant', key: 'grant_id', ends: 'until_at', begins: 'at', name: 'kind' },
  'inconvenient-time': {
    ...{ table: 'inconvenient_time', key: 'inconvenient_id', ends: 'withdrawn_at' },
    ...{ begins: `'-infinity'::timestamptz`, name: `'inconvenient-time'` },
  },
} as const;
export type EndingFact = keyof typeof endings;

export interface Ending {
  readonly fact: EndingFact;
  readonly id: number;
  readonly customerId: string;
  readonly atMs: number;
  readonly reason: string;
  readonly actor: string;
}

/**
 * Ends a flag, a grant or an inconvenient time; answers what it was. Nothing is deleted.
 * @throws Refusal NotFound, or InputInvalid where it has ended already or would end before it began.
 */
export async function endFact(db: Queryable, { fact, id, customerId, atMs, reason, actor }: Ending): Promise<string> {
  const { table, key, ends, begins, name } = endings[fact];
  const known = await maybeOne(
    db,
    z.object({ name: z.string(), ended: z.boolean(), begun: z.boolean() }),
    `select ${name} as name, ended_by is not null as ended, ${begins} <= $3 as begun
     from ${table} where ${key} = $1 and customer_id = $2 for update`,
    [id, customerId, instant(atMs)],
  );
  if (known === null) throw new Refusal('NotFound', `the customer has no such ${fact}`, 'id');
  if (known.ended) throw new Refusal('InputInvalid', 'has ended already', 'id');
  if (!known.begun) throw new Refusal('InputInvalid', 'lies before the beginning', 'at');
  const text = `update ${table} set ${ends} = $2, ended_by = $3, end_reason = $4 where ${key} = $1`;
  await execute(db, text, [id, instant(atMs), actor, reason]);
  return known.name;
}

/** Where the borrower said that they are, besides the address. @throws Refusal NotFound. */
export async function setToldTimezones(db: Queryable, customerId: string, zones: readonly string[]): Promise<void> {
  const text = 'update customer set told_timezones = $2 where customer_id = $1';
  if ((await execute(db, text, [customerId, zones])) === 0) {
    throw new Refusal('NotFound', 'no such customer', 'customerId');
  }
}
