import { z } from 'zod';

import { flagCodes } from '../domain/contact/flag';
import { caseEventNames } from '../domain/contact/situation';
import type { HandoffFile } from '../domain/handoff/gaps';
import type { Queryable } from './database';
import { listOf, msOf } from './json-columns';
import { instant, one } from './rows';

const atMs = z.number();
const fileRow = z.object({
  flags: z.array(z.object({ flag: z.enum(flagCodes), fromMs: atMs, untilMs: atMs.nullable() })),
  events: z.array(z.object({ event: z.enum(caseEventNames), atMs })),
});

// A written demand that is shown to have arrived is a delivered demand.
const select = `select
  ${listOf(`select flag, ${msOf('from_at')} as "fromMs", ${msOf('until_at')} as "untilMs" from contact_flag f
    where f.customer_id = l.customer_id and party_id is null and (f.loan_id is null or f.loan_id = l.loan_id)
      and (until_at is null or until_at > $2) order by flag_id`)} as flags,
  ${listOf(`select event, ${msOf('at')} as "atMs" from contact_milestone m
    where m.customer_id = l.customer_id and (m.loan_id is null or m.loan_id = l.loan_id)
    union all select 'demand-delivered', ${msOf('at')} from contact t
    where t.customer_id = l.customer_id and l.loan_id = any(t.loan_ids) and t.purpose = 'demand' and t.state = 'delivered'
      and t.direction = 'outbound' and t.party_id is null and t.channel in ('sms', 'email', 'letter')`)} as events
  from loan l where loan_id = $1`;

/** Rules may go on after a flag's end, and none for longer than ten years. */
const flagsSinceMs = 3_660 * 86_400_000;

/** What is on record of a loan and its borrower that bears on a handoff to legal means. The loan must exist. */
export async function readHandoffFile(
  db: Queryable,
  loanId: string,
  nowMs: number,
): Promise<Pick<HandoffFile, 'flags' | 'events'>> {
  return one(db, fileRow, { name: 'handoff-file', text: select }, [loanId, instant(nowMs - flagsSinceMs)]);
}
