import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { pauseNextLoans } from '../src/cases/carry-out-pauses';
import type { Desk } from '../src/cases/desk';
import type { BulkActivities } from '../workflows/asks';

export interface BulkActivityDeps {
  readonly desk: Desk;
}

const heartbeatMs = 5_000;

/** What `workflows/asks.ts` says of many loans at once, done. */
export function createBulkActivities({ desk }: BulkActivityDeps): BulkActivities {
  return {
    async pauseNextLoans({ bulkId }) {
      const beat = setInterval(() => {
        heartbeat();
      }, heartbeatMs);
      try {
        return await pauseNextLoans(desk, bulkId, cancellationSignal());
      } finally {
        clearInterval(beat);
      }
    },
  };
}
