import { z } from 'zod';

import { consumerRoles, outcomesWithoutTalk } from '../domain/contact/past-contact';
import type { CaseEventName } from '../domain/contact/situation';
import type { Day } from '../domain/day';
import { caseRow, selectCase, type StoredCase } from './case-row';
import { isCommunication } from './contact-situation';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne } from './rows';

/** Open cases of loans of which something may be overdue since before an instant; those are few, and looked at one by one. */
export async function casesOverdueSince(db: Queryable, beforeMs: number): Promise<StoredCase[]> {
  const text = `${selectCase} where c.status = 'open' and c.opened_at - c.opened_dpd * interval '1 day' <= $1
    order by c.loan_id`;
  return many(db, caseRow, text, [instant(beforeMs)]);
}

const waitingRow = z.object({ loanId: z.string(), caseNo: z.int(), customerId: z.string(), startedMs: z.int() });

/** Open cases in which something has begun a time limit, since when, and what must follow is not on record. */
export async function casesAwaiting(
  db: Queryable,
  trigger: CaseEventName,
  action: CaseEventName,
): Promise<z.infer<typeof waitingRow>[]> {
  const awaiting = (begun: string): string => `
    select c.loan_id as "loanId", c.case_no as "caseNo", c.customer_id as "customerId", b.at as "startedMs"
    from loan_case c, lateral (${begun}) b
    where c.status = 'open' and b.at is not null and not exists (select from contact_milestone m where m.event = $1
      and m.customer_id = c.customer_id and (m.loan_id is null or m.loan_id = c.loan_id))
    order by c.loan_id`;
  if (trigger === 'initial-communication') {
    const spoken = `select min(t.at) as at from contact t where t.customer_id = c.customer_id
      and c.loan_id = any(t.loan_ids) and ${isCommunication('$2', '$3')}`;
    return many(db, waitingRow, awaiting(spoken), [action, consumerRoles, outcomesWithoutTalk]);
  }
  const reached = `select min(m.at) as at from contact_milestone m where m.event = $2 and m.customer_id = c.customer_id
    and (m.loan_id is null or m.loan_id = c.loan_id)`;
  return many(db, waitingRow, awaiting(reached), [action, trigger]);
}

/** Where a task about the person is put: an open case, or else the one that was closed last and is not purged. */
export async function caseOfPerson(db: Queryable, customerId: string): Promise<StoredCase | null> {
  const text = `${selectCase} where c.customer_id = $1 and c.purged_at is null
    order by c.status = 'open' desc, c.opened_at desc, c.loan_id limit 1`;
  return maybeOne(db, caseRow, text, [customerId]);
}

/** Cancels what is open of a deadline but for the task of this key: it was met, it moved, or a later reminder took its place. */
export async function cancelDeadlineTasks(
  db: Queryable,
  customerId: string,
  deadline: string,
  exceptKey: string | null,
): Promise<number> {
  const text = `update task set state = 'cancelled' where customer_id = $1 and state in ('open', 'claimed')
    and position($2 in task_key) > 0 and task_key is distinct from $3`;
  return execute(db, text, [customerId, `/deadline/${deadline}/`, exceptKey]);
}

/** Cancels what is open of a duty in cases where what it asks for is on record by now. */
export async function cancelMetDuties(db: Queryable, rule: string, action: CaseEventName): Promise<number> {
  const text = `update task t set state = 'cancelled' where state in ('open', 'claimed') and kind = 'review'
    and asks[1] = $1 and asks[2] = $2 and task_key like '%/deadline/%' and exists (select from contact_milestone m
      where m.event = $1 and m.customer_id = t.customer_id and (m.loan_id is null or m.loan_id = t.loan_id))`;
  return execute(db, text, [action, rule]);
}

const countRow = z.object({ kind: z.string(), missed: z.boolean(), count: z.int() });

/** Deadlines that people were reminded of and that are still to be met, those of data requests also where no case is there. */
export async function deadlineCounts(db: Queryable, nowMs: number, today: Day): Promise<z.infer<typeof countRow>[]> {
  const text = `select kind, missed, count(*)::int as count from (
      select asks[1] as kind, due_at <= $1 as missed from task
      where state in ('open', 'claimed') and kind = 'review' and task_key like '%/deadline/%' and asks[1] <> 'data-request'
      union all select 'data-request', due_on < $2::date from data_request where state = 'received') x
    group by kind, missed order by kind, missed`;
  return many(db, countRow, text, [instant(nowMs), today]);
}
