import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import { cursorText, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { execute, many, maybeOne } from './rows';

const countFields = { rowsRead: z.int(), rowsTaken: z.int(), rowsKnown: z.int(), rowsRefused: z.int() };
export type ImportCounts = z.infer<z.ZodObject<typeof countFields>>;

const runRow = z.object({
  importId: z.string(),
  fileName: z.string(),
  fileHash: z.string().nullable(),
  kind: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  ...countFields,
  failure: z.string().nullable(),
  startedAtMs: z.int(),
  endedAtMs: z.int().nullable(),
});
export type ImportRun = z.infer<typeof runRow>;

const refusalRow = z.object({ line: z.int(), field: z.string(), reason: z.string() });
export type ImportRefusal = z.infer<typeof refusalRow>;

export async function startImport(
  db: Queryable,
  run: Pick<ImportRun, 'importId' | 'fileName' | 'fileHash' | 'kind'>,
): Promise<void> {
  const text = `insert into import_run (import_id, file_name, file_hash, kind, state)
    values ($1, $2, $3, $4, 'running') on conflict (import_id) do nothing`;
  await execute(db, text, [run.importId, run.fileName, run.fileHash, run.kind]);
}

/** Writes how far a running import has come: totals, not steps. */
export async function progressImport(db: Queryable, importId: string, counts: ImportCounts): Promise<void> {
  const text = `update import_run set rows_read = $2, rows_taken = $3, rows_known = $4, rows_refused = $5
    where import_id = $1 and state = 'running'`;
  const { rowsRead, rowsTaken, rowsKnown, rowsRefused } = counts;
  await execute(db, text, [importId, rowsRead, rowsTaken, rowsKnown, rowsRefused]);
}

/** Writes a batch of refused rows down; a line and field that is there already stays. */
export async function addRefusals(db: Queryable, importId: string, refusals: readonly ImportRefusal[]): Promise<void> {
  const text = `insert into import_refusal (import_id, line, field, reason)
    select $1, given.line, given.field, given.reason
    from unnest($2::bigint[], $3::text[], $4::text[]) as given(line, field, reason)
    on conflict (import_id, line, field) do nothing`;
  await execute(db, text, [
    importId,
    refusals.map(({ line }) => line),
    refusals.map(({ field }) => field),
    refusals.map(({ reason }) => reason),
  ]);
}

/** Ends a running import; `failure` says why it failed as a whole. */
export async function finishImport(
  db: Queryable,
  importId: string,
  end: { readonly state: 'done' | 'failed'; readonly failure: string | null },
): Promise<void> {
  const text = `update import_run set state = $2, failure = $3, ended_at = clock_timestamp()
    where import_id = $1 and state = 'running'`;
  await execute(db, text, [importId, end.state, end.failure]);
}

const runColumns = `import_id as "importId", file_name as "fileName", file_hash as "fileHash", kind, state,
  rows_read as "rowsRead", rows_taken as "rowsTaken", rows_known as "rowsKnown", rows_refused as "rowsRefused",
  failure, started_at as "startedAtMs", ended_at as "endedAtMs"`;

/**
 * The import with one page of its refused rows, by line.
 * @throws Refusal NotFound.
 */
export async function getImport(
  db: Queryable,
  importId: string,
  cursor: string | null,
  limit: number,
): Promise<{ run: ImportRun; refusals: Page<ImportRefusal> }> {
  const [afterLine, afterField] = decodeCursor(cursor, z.tuple([z.int().min(0), cursorText])) ?? [null, null];
  const run = await maybeOne(db, runRow, `select ${runColumns} from import_run where import_id = $1`, [importId]);
  if (run === null) throw new Refusal('NotFound', 'no such import', 'importId');
  const rows = await many(
    db,
    refusalRow,
    `select line, field, reason from import_refusal
     where import_id = $1 and ($2::bigint is null or (line, field) > ($2, $3::text)) order by line, field limit $4`,
    [importId, afterLine, afterField, limit + 1],
  );
  return { run, refusals: toPage(rows, limit, (row) => [row.line, row.field]) };
}
