import type { Pool } from 'pg';
import { keepRecords } from '../src/retention/daily';
import type { RecordingStore } from '../src/retention/old-recordings';
import type { RecordKeeping } from '../src/retention/keep-case';
import type { RecordActivities } from '../workflows/asks';

export interface RecordActivityDeps {
  readonly pool: Pool;
  readonly keeping: RecordKeeping;
  readonly voice: RecordingStore;
  readonly bankNowMs: () => Promise<number>;
}

/** What `workflows/asks.ts` says of the records, done. */
export function createRecordActivities({ pool, keeping, voice, bankNowMs }: RecordActivityDeps): RecordActivities {
  return {
    async keepRecords() {
      const done = await keepRecords(pool, keeping, voice, await bankNowMs());
      if (done === null) return 'no policy yet';
      const { anchor, purged, messages, deadlines, recordings } = done;
      return `anchor of ${anchor.day}, ${purged} purged, ${messages} messages of unknown senders deleted, ${deadlines.tasks} reminders, ${deadlines.unread} cases not read, ${recordings} recordings deleted`;
    },
  };
}
