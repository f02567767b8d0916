import { z } from 'zod';
import { cursorInstant, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { execute, instant, many, maybeInstant, maybeOne } from './rows';

export const inboundStates = ['done', 'waiting', 'held'] as const;
export type InboundState = (typeof inboundStates)[number];

const inboundRow = z.object({
  inboundId: z.string(),
  channel: z.enum(['sms', 'email']),
  sender: z.string(),
  body: z.string(),
  atMs: z.int(),
  understoodAs: z.string(),
  state: z.enum(inboundStates),
  dueAtMs: z.int().nullable(),
  decision: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
  customers: z.array(z.object({ customerId: z.string(), taskId: z.string().nullable() })),
});
export type InboundMessage = z.infer<typeof inboundRow>;

export interface NewInbound {
  readonly inboundId: string;
  readonly channel: 'sms' | 'email';
  readonly providerId: string;
  readonly sender: string;
  readonly body: string;
  readonly atMs: number;
  readonly understoodAs: string;
  readonly state: InboundState;
  readonly dueAtMs: number | null;
}

/** Keeps a message once; answers whether it is new. */
export async function recordInbound(db: Queryable, message: NewInbound): Promise<boolean> {
  const { inboundId, channel, providerId, sender, body, atMs, understoodAs, state, dueAtMs } = message;
  const text = `insert into inbound_message
      (inbound_id, channel, provider_id, sender, body, at, understood_as, state, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (channel, provider_id) do nothing`;
  const values = [inboundId, channel, providerId, sender, body, instant(atMs), understoodAs, state];
  return (await execute(db, text, [...values, maybeInstant(dueAtMs)])) > 0;
}

export async function setInboundState(
  db: Queryable,
  inboundId: string,
  state: InboundState,
  dueAtMs: number | null,
): Promise<void> {
  const text = 'update inbound_message set state = $2, due_at = $3 where inbound_id = $1';
  await execute(db, text, [inboundId, state, maybeInstant(dueAtMs)]);
}

/** Says whose message it is, and which task asks a person to act on it. */
export async function linkInbound(
  db: Queryable,
  inboundId: string,
  customerId: string,
  taskId: string | null,
): Promise<void> {
  const text = `insert into inbound_message_customer (inbound_id, customer_id, task_id) values ($1, $2, $3)
    on conflict (inbound_id, customer_id) do update set task_id = excluded.task_id`;
  await execute(db, text, [inboundId, customerId, taskId]);
}

// A message that waits is done with the tasks that it brought about; one that is held waits for its decision.
const select = `select m.inbound_id as "inboundId", m.channel, m.sender, m.body, m.at as "atMs",
    m.understood_as as "understoodAs", x.state, m.due_at as "dueAtMs", m.decision, m.decided_by as "decidedBy",
    m.decided_at as "decidedAtMs", x.customers
  from inbound_message m, lateral (
    select coalesce(json_agg(json_build_object('customerId', l.customer_id, 'taskId', l.task_id)
        order by l.customer_id) filter (where l.customer_id is not null), '[]') as customers,
      case when m.state = 'waiting' and count(t.task_id) > 0
        and count(*) filter (where t.state in ('open', 'claimed')) = 0 then 'done' else m.state end as state
    from inbound_message_customer l left join task t using (task_id) where l.inbound_id = m.inbound_id) x`;

export async function getInbound(db: Queryable, inboundId: string): Promise<InboundMessage | null> {
  return maybeOne(db, inboundRow, `${select} where m.inbound_id = $1`, [inboundId]);
}

/** The message that its provider knows under this id; null where it never came. */
export async function getInboundOf(
  db: Queryable,
  { channel, providerId }: Pick<NewInbound, 'channel' | 'providerId'>,
): Promise<InboundMessage | null> {
  return maybeOne(db, inboundRow, `${select} where m.channel = $1 and m.provider_id = $2`, [channel, providerId]);
}

export interface InboundFilter {
  readonly state?: InboundState | undefined;
  readonly customerId?: string | undefined;
}

/** Messages by the instant at which they came. */
export async function listInbound(
  db: Queryable,
  { state, customerId }: InboundFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<InboundMessage>> {
  const [afterMs, afterId] = decodeCursor(cursor, z.tuple([cursorInstant, z.uuid()])) ?? [null, null];
  const rows = await many(
    db,
    inboundRow,
    `${select} where ($1::text is null or x.state = $1)
       and ($2::text is null or exists (select from inbound_message_customer l
         where l.inbound_id = m.inbound_id and l.customer_id = $2))
       and ($3::timestamptz is null or (m.at, m.inbound_id) > ($3, $4::uuid))
     order by m.at, m.inbound_id limit $5`,
    [state, customerId, maybeInstant(afterMs), afterId, limit + 1],
  );
  return toPage(rows, limit, (row) => [row.atMs, row.inboundId]);
}

/** Writes a person's decision; answers whether there was one to take. */
export async function decideInbound(
  db: Queryable,
  decided: { readonly inboundId: string; readonly decision: string; readonly actor: string; readonly atMs: number },
): Promise<boolean> {
  const text = `update inbound_message set state = 'done', decision = $2, decided_by = $3, decided_at = $4
    where inbound_id = $1 and decision is null`;
  const { inboundId, decision, actor, atMs } = decided;
  return (await execute(db, text, [inboundId, decision, actor, instant(atMs)])) > 0;
}
