import type { ImportKind } from './import-kinds';

/** One thing wrong with one row. `line` counts from 1, the header included. */
export interface RowRefusal {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
}

export interface ImportCounts {
  readonly rowsRead: number;
  /** Rows that are now in the store and were not before. */
  readonly rowsTaken: number;
  /** Rows that were there already, with the same content. */
  readonly rowsKnown: number;
  readonly rowsRefused: number;
}

export interface ImportReport extends ImportCounts {
  readonly importId: string;
  readonly fileName: string;
  readonly kind: ImportKind | 'mixed';
  readonly state: 'done' | 'failed';
  /** The first refusals of the file; all of them are in the store. */
  readonly refusals: readonly RowRefusal[];
  /** Why the import stopped before the end of the file. */
  readonly failure: string | null;
}

/** Refusals shown in a report. */
export const refusalsShownMax = 20;

/** Refusals stored per import. A file with more is the wrong file: reading it on would fill the store with noise. */
export const refusalsStoredMax = 100_000;

/** The file as a whole cannot be imported; what was taken before stays. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}
