import { z } from 'zod';

import { dataRequestKinds, dataRequestStates, refusalGrounds } from '../domain/data-request';
import { Refusal } from '../domain/refusal';
import { decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne } from './rows';

const requestRow = z.object({
  requestId: z.string(),
  customerId: z.string(),
  kind: z.enum(dataRequestKinds),
  state: z.enum(dataRequestStates),
  receivedAtMs: z.int(),
  dueDay: z.string(),
  rule: z.string(),
  decidedAtMs: z.int().nullable(),
  decidedBy: z.string().nullable(),
  ground: z.enum(refusalGrounds).nullable(),
  note: z.string().nullable(),
  takenBy: z.string(),
});
export type DataRequest = z.infer<typeof requestRow>;

const columns = `request_id as "requestId", customer_id as "customerId", kind, state, received_at as "receivedAtMs",
  due_on as "dueDay", rule, decided_at as "decidedAtMs", decided_by as "decidedBy", ground, note, taken_by as "takenBy"`;

export async function addDataRequest(
  db: Queryable,
  request: Pick<DataRequest, 'requestId' | 'customerId' | 'kind' | 'receivedAtMs' | 'dueDay' | 'rule' | 'takenBy'>,
): Promise<void> {
  const { requestId, customerId, kind, receivedAtMs, dueDay, rule, takenBy } = request;
  const text = `insert into data_request (request_id, customer_id, kind, received_at, due_on, rule, taken_by)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (request_id) do nothing`;
  await execute(db, text, [requestId, customerId, kind, instant(receivedAtMs), dueDay, rule, takenBy]);
}

export async function getDataRequest(db: Queryable, customerId: string, requestId: string): Promise<DataRequest> {
  const text = `select ${columns} from data_request where customer_id = $1 and request_id = $2`;
  const found = await maybeOne(db, requestRow, text, [customerId, requestId]);
  if (found === null) throw new Refusal('NotFound', 'no such request', 'requestId');
  return found;
}

export type Decided = Pick<DataRequest, 'state' | 'ground' | 'note'> & {
  readonly decidedAtMs: number;
  readonly decidedBy: string;
};

/** Decides a request that was only received. @throws Refusal NotFound, or AlreadyExists when it is decided. */
export async function decideDataRequest(
  db: Queryable,
  customerId: string,
  requestId: string,
  { state, ground, note, decidedAtMs, decidedBy }: Decided,
): Promise<void> {
  const text = `update data_request set state = $3, ground = $4, note = $5, decided_at = $6, decided_by = $7
    where customer_id = $1 and request_id = $2 and state = 'received'`;
  const values = [customerId, requestId, state, ground, note, instant(decidedAtMs), decidedBy];
  if ((await execute(db, text, values)) > 0) return;
  await getDataRequest(db, customerId, requestId);
  throw new Refusal('AlreadyExists', 'the request was decided before', 'requestId');
}

export interface RequestFilter {
  readonly customerId?: string | undefined;
  readonly state?: DataRequest['state'] | undefined;
  /** Only those that were due before this day and are not decided. */
  readonly overdueOn?: string | undefined;
}

/** The earliest deadline first. */
export async function listDataRequests(
  db: Queryable,
  { customerId, state, overdueOn }: RequestFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<DataRequest>> {
  const [afterDay, afterId] = decodeCursor(cursor, z.tuple([z.iso.date(), z.uuid()])) ?? [null, null];
  const text = `select ${columns} from data_request
    where ($1::text is null or customer_id = $1) and ($2::text is null or state = $2)
      and ($3::date is null or (state = 'received' and due_on < $3))
      and ($4::date is null or (due_on, request_id) > ($4, $5::uuid))
    order by due_on, request_id limit $6`;
  const values = [customerId ?? null, state ?? null, overdueOn ?? null, afterDay, afterId, limit + 1];
  const rows = await many(db, requestRow, text, values);
  return toPage(rows, limit, (row) => [row.dueDay, row.requestId]);
}
