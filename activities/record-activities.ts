import type { Pool } from 'pg';
import { keepRecords } from '../src/retention/daily';
import type { RecordKeeping } from '../src/retention/keep-case';
import type { RecordActivities } from '../workflows/asks';

export interface RecordActivityDeps {
  readonly pool: Pool;
  readonly keeping: RecordKeeping;
  readonly bankNowMs: () => Promise<number>;
}

/** What `workflows/asks.ts` says of the records, done. */
export function createRecordActivities({ pool, keeping, bankNowMs }: RecordActivityDeps): RecordActivities {
  return {
    async keepRecords() {
      const done = await keepRecords(pool, keeping, await bankNowMs());
      return done === null ? 'no policy yet' : `anchor of ${done.anchor.day}, ${done.purged} purged`;
    },
  };
}
