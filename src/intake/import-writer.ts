import type { Pool } from 'pg';

import type { Day } from '../domain/day';
import { inTransaction } from '../store/database';
import type { ImportCounts, ImportRefusal } from '../store/imports';
import { addRefusals, progressImport } from '../store/imports';
import { ImportStopped, refusalsShownMax, refusalsStoredMax } from './import-report';
import { addToPart, emptyPart, type Part, storeRows } from './part';
import type { BadLine, ReadRow } from './row';

/** Rows per transaction: beyond it the rows per second hardly rise, and memory and the wait for the first count do. */
const rowsPerPart = 5_000;

export interface ImportWriter {
  /** Takes a row; true when it is time to `flush`. */
  readonly add: (row: ReadRow | BadLine) => boolean;
  /** Waits for the part before to be stored, then hands over what was added and returns, so that reading goes on meanwhile. */
  readonly flush: () => Promise<void>;
  readonly settled: () => Promise<void>;
  readonly counts: () => ImportCounts;
  readonly firstRefusals: () => readonly ImportRefusal[];
}

export function importWriter(
  pool: Pool,
  { importId, today }: { readonly importId: string; readonly today: Day },
  onProgress: (counts: ImportCounts) => void,
): ImportWriter {
  let part = emptyPart();
  let inFlight = Promise.resolve();
  let counts: ImportCounts = { rowsRead: 0, rowsTaken: 0, rowsKnown: 0, rowsRefused: 0 };
  let refusalsStored = 0;
  const shown: ImportRefusal[] = [];

  /** Rows, their refusals and the totals in one transaction, so that a killed import leaves a record that is true. */
  async function store(full: Part): Promise<void> {
    const room = refusalsStoredMax - refusalsStored;
    const { after, refusals } = await inTransaction(pool, async (db) => {
      const { taken, known, refusals: refused } = await storeRows(db, full);
      const all = [...full.refusals, ...refused].sort((a, b) => a.line - b.line);
      const total: ImportCounts = {
        rowsRead: counts.rowsRead + full.rowsRead,
        rowsTaken: counts.rowsTaken + taken,
        rowsKnown: counts.rowsKnown + known,
        rowsRefused: counts.rowsRefused + full.rowsBad + refused.length,
      };
      if (all.length > 0) await addRefusals(db, importId, all.slice(0, room));
      await progressImport(db, importId, total);
      return { after: total, refusals: all };
    });
    counts = after;
    refusalsStored += Math.min(room, refusals.length);
    shown.push(...refusals.slice(0, refusalsShownMax - shown.length));
    onProgress(counts);
    if (refusals.length > room)
      throw new ImportStopped(`more than ${refusalsStoredMax} refusals: this is hardly the file that was meant`);
  }

  return {
    add(row) {
      addToPart(part, row, today);
      return part.rowsRead >= rowsPerPart;
    },
    async flush() {
      await inFlight;
      const full = part;
      part = emptyPart();
      inFlight = store(full);
      // Its failure is thrown by whoever waits for it next; until then it must not count as unhandled.
      inFlight.catch(() => undefined);
    },
    settled: () => inFlight,
    counts: () => counts,
    firstRefusals: () => shown,
  };
}
