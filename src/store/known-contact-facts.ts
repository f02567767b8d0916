import { z } from 'zod';
import { channels } from '../domain/case';
import { grantCodes } from '../domain/contact/consent';
import { flagCodes } from '../domain/contact/flag';
import { caseEventNames, weekdays } from '../domain/contact/situation';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { listOf, msOf } from './json-columns';
import { maybeOne } from './rows';

const atMs = z.number();
const ending = { endedBy: z.string().nullable(), endReason: z.string().nullable() };
const known = { id: z.number(), evidence: z.string(), actor: z.string() };
const factsRow = z.object({
  toldTimezones: z.array(z.string()),
  flags: z.array(
    z.object({
      ...known,
      flag: z.enum(flagCodes),
      loanId: z.string().nullable(),
      partyId: z.string().nullable(),
      fromMs: atMs,
      untilMs: atMs.nullable(),
      confirmed: z.boolean(),
      handler: z.string().nullable(),
      fromDay: z.string().nullable(),
      untilDay: z.string().nullable(),
      ...ending,
    }),
  ),
  grants: z.array(
    z.object({
      ...known,
      grant: z.enum(grantCodes),
      channel: z.enum(channels).nullable(),
      contactPoint: z.string().nullable(),
      partyId: z.string().nullable(),
      atMs,
      untilMs: atMs.nullable(),
      ...ending,
    }),
  ),
  inconvenientTimes: z.array(
    z.object({
      ...known,
      weekdays: z.array(z.enum(weekdays)).nullable(),
      start: z.string(),
      end: z.string(),
      channel: z.enum(channels).nullable(),
      ...ending,
    }),
  ),
  milestones: z.array(z.object({ ...known, event: z.enum(caseEventNames), loanId: z.string().nullable(), atMs })),
});
/** What is known of a customer besides the contact data, all of it, also what has ended. */
export type ContactFacts = z.infer<typeof factsRow>;

const end = 'ended_by as "endedBy", end_reason as "endReason"';

/** @throws Refusal NotFound. */
export async function readContactFacts(db: Queryable, customerId: string): Promise<ContactFacts> {
  const text = `select told_timezones as "toldTimezones",
    ${listOf(`select flag_id as id, flag, loan_id as "loanId", party_id as "partyId", ${msOf('from_at')} as "fromMs",
      ${msOf('until_at')} as "untilMs", confirmed, handler, from_day as "fromDay", until_day as "untilDay", evidence, actor, ${end}
      from contact_flag f where f.customer_id = c.customer_id order by flag_id`)} as flags,
    ${listOf(`select grant_id as id, kind as grant, channel, contact_point as "contactPoint", party_id as "partyId",
      ${msOf('at')} as "atMs", ${msOf('until_at')} as "untilMs", evidence, actor, ${end}
      from contact_grant g where g.customer_id = c.customer_id order by grant_id`)} as grants,
    ${listOf(`select inconvenient_id as id, weekdays, start_time as start, end_time as end, channel, evidence, actor, ${end}
      from inconvenient_time i where i.customer_id = c.customer_id order by inconvenient_id`)} as "inconvenientTimes",
    ${listOf(`select milestone_id as id, event, loan_id as "loanId", ${msOf('at')} as "atMs", evidence, actor
      from contact_milestone m where m.customer_id = c.customer_id order by milestone_id`)} as milestones
    from customer c where customer_id = $1`;
  const facts = await maybeOne(db, factsRow, text, [customerId]);
  if (facts === null) throw new Refusal('NotFound', 'no such customer', 'customerId');
  return facts;
}
