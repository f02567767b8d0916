import { z } from 'zod';

import type { Queryable } from './database';
import { many } from './rows';

const stoppedRow = z.object({ customerId: z.string(), channel: z.enum(['sms', 'email']), inboundId: z.string() });

/**
 * Gives these customers what was written from their numbers and addresses before anybody knew whose they were. The last word on
 * a way counts: a stop closes it, to whoever of them wrote, from the instant at which it was written, unless something newer is on record; what may be
 * one holds messages until a person has decided. Answers the ways that were closed. Done again it does nothing.
 */
export async function takeEarlierWords(
  db: Queryable,
  customerIds: readonly string[],
): Promise<z.infer<typeof stoppedRow>[]> {
  const text = `
    with heard as (
      select m.inbound_id, m.channel, m.at, p.customer_id, p.party_id,
        case when m.understood_as = 'stop' or m.decision = 'opt-out' then 'stop'
          when m.understood_as = 'possible-stop' and m.decision is null then 'perhaps'
          -- Whoever can write a sender's name on an e-mail does not speak for the borrower.
          when m.understood_as = 'resume' and m.channel = 'sms' then 'resume' end as says
      from contact_point p join inbound_message m
        on lower(m.sender) = lower(p.value) and p.kind = case m.channel when 'sms' then 'phone' else 'email' end
      where p.customer_id = any($1)
        and not exists (select from inbound_message_customer l where l.inbound_id = m.inbound_id)),
    linked as (
      insert into inbound_message_customer (inbound_id, customer_id) select inbound_id, customer_id from heard
      on conflict do nothing),
    held as (
      insert into contact_flag (customer_id, flag, from_at, evidence, actor)
      select customer_id, 'opt-out-review', at, 'message ' || inbound_id, 'borrower' from heard where says = 'perhaps'),
    last_word as (
      select distinct on (customer_id, party_id, channel) * from heard where says in ('stop', 'resume')
      order by customer_id, party_id, channel, at desc, inbound_id),
    stopped as (
      insert into consent (customer_id, party_id, channel, state, source, at, actor)
      select customer_id, party_id, channel, 'opted-out', 'message ' || inbound_id || ', from before its sender was on record', at, 'borrower'
      from last_word w where says = 'stop' and not exists (
        select from consent n where n.customer_id = w.customer_id and n.party_id is not distinct from w.party_id and n.channel = w.channel
          and n.at >= w.at)
      returning customer_id, party_id, channel)
    select customer_id as "customerId", channel, inbound_id as "inboundId" from last_word w
      where exists (select from stopped s where (s.customer_id, s.channel) = (w.customer_id, w.channel)
        and s.party_id is not distinct from w.party_id)`;
  return many(db, stoppedRow, { name: 'earlier-words', text }, [customerIds]);
}
