import { z } from 'zod';

import type { Day } from '../domain/day';
import { endFact, type Ending } from './contact-facts';
import type { Queryable } from './database';
import { execute, instant, maybeOne } from './rows';

/** Ends a flag at an instant, and what rests because of it on a day: the first that is free again. */
export async function endFlagOn(db: Queryable, ending: Omit<Ending, 'fact'>, day: Day): Promise<string> {
  const name = await endFact(db, { ...ending, fact: 'flag' });
  const text = 'update contact_flag set until_day = $2 where flag_id = $1 and from_day is not null';
  await execute(db, text, [ending.id, day]);
  return name;
}

/** Who looks after the borrower while a flag is in force that names somebody; the one that was set last decides. */
export async function handlerOf(
  db: Queryable,
  customerId: string,
  loanId: string,
  atMs: number,
): Promise<string | null> {
  const text = `select handler from contact_flag
    where customer_id = $1 and handler is not null and (loan_id is null or loan_id = $2)
      and from_at <= $3 and (until_at is null or until_at > $3)
    order by flag_id desc limit 1`;
  const row = z.object({ handler: z.string() });
  return (await maybeOne(db, row, text, [customerId, loanId, instant(atMs)]))?.handler ?? null;
}
