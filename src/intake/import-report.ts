import type { ImportCounts, ImportRefusal } from '../store/imports';
import type { ImportKind } from './import-kinds';

/**
 * What came of a file. A row is taken (new in the store), known (there already with the same content) or refused. Lines count
 * from 1, a header included; a row with several faults is refused once and has several refusals.
 */
export interface ImportReport extends ImportCounts {
  readonly importId: string;
  readonly fileName: string;
  readonly kind: ImportKind | 'mixed';
  readonly state: 'done' | 'failed';
  /** The first refusals of the file; all of them are in the store. */
  readonly refusals: readonly ImportRefusal[];
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
