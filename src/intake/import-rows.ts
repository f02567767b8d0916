import type { Readable } from 'node:stream';

import type { Pool } from 'pg';

import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import type { ImportCounts } from '../store/imports';
import { finishImport, startImport } from '../store/imports';
import { csvRows } from './csv-rows';
import type { ImportKind } from './import-kinds';
import type { ImportReport } from './import-report';
import { ImportStopped } from './import-report';
import { type ImportWriter, importWriter } from './import-writer';
import { lineBlocks } from './lines';
import { ndjsonRows } from './ndjson-rows';
import { isBad, type RowReader } from './row';

export interface ImportRequest {
  readonly pool: Pool;
  /** Bytes of UTF-8. */
  readonly stream: Readable;
  /** CSV names its kind; the rows of NDJSON may name theirs, and then one file brings a whole portfolio. */
  readonly format: 'csv' | 'ndjson';
  readonly kind?: ImportKind | undefined;
  readonly fileName: string;
  readonly fileHash?: string;
  /** A UUID. An import that has ended keeps its record: run a file again under a new id. */
  readonly importId: string;
  /** The bank's day: money of a later one has not come. */
  readonly today: Day;
  /** Told the totals after each transaction. */
  readonly onProgress?: (counts: ImportCounts) => void;
}

/**
 * Imports a file of any size row by row: the good rows are stored, every other row is refused with its line, field and reason.
 * Rows that are there already change nothing, so a file may be imported twice, and again after it broke off.
 *
 * A file that cannot be read as a whole (its header, too many refusals) is a report with `state: 'failed'`.
 * @throws what the stream or the database throws; the import is then recorded as failed and what was stored stays.
 */
export async function importRows(request: ImportRequest): Promise<ImportReport> {
  const { pool, importId, fileName, kind } = request;
  const read = readerOf(request);
  await startImport(pool, { importId, fileName, fileHash: request.fileHash ?? null, kind: kind ?? 'mixed' });
  const writer = importWriter(pool, request, request.onProgress ?? (() => undefined));
  let failure: string | null = null;
  try {
    await readInto(writer, read, request);
  } catch (error) {
    failure = failureText(error);
    await finishImport(pool, importId, { state: 'failed', failure }).catch(() => undefined);
    if (!(error instanceof ImportStopped)) throw error;
  }
  if (failure === null) await finishImport(pool, importId, { state: 'done', failure });
  const state = failure === null ? 'done' : 'failed';
  const refusals = writer.firstRefusals();
  return { importId, fileName, kind: kind ?? 'mixed', state, ...writer.counts(), refusals, failure };
}

function readerOf({ format, kind }: ImportRequest): RowReader {
  if (format === 'ndjson') return ndjsonRows(kind);
  if (kind === undefined) throw new Refusal('InputInvalid', 'a CSV file needs to be told what it brings', 'kind');
  return csvRows(kind);
}

async function readInto(writer: ImportWriter, read: RowReader, { stream, format }: ImportRequest): Promise<void> {
  let isEmpty = true;
  try {
    for await (const block of lineBlocks(stream)) {
      isEmpty &&= block.lines.every((line) => line === '');
      for (const row of read(block)) {
        if (writer.add(row)) await writer.flush();
        if (isBad(row) && row.endsFile !== undefined) throw new ImportStopped(row.endsFile);
      }
    }
  } finally {
    await writer.flush();
    await writer.settled();
  }
  // Without its header an empty file cannot be told from one that was lost on the way.
  if (isEmpty && format === 'csv') throw new ImportStopped('the file is empty: not even a header');
}

function failureText(error: unknown): string {
  if (error instanceof ImportStopped) return error.message;
  // The text of other errors may repeat values of rows, which are personal data.
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return `broke off after the rows counted here (${code}): import the file again under a new id`;
}
