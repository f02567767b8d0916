import * as wf from '@temporalio/workflow';
import type { RecordActivities } from './asks';

const { keepRecords } = wf.proxyActivities<RecordActivities>({
  startToCloseTimeout: '1h',
  retry: { initialInterval: '10s', maximumInterval: '10m', maximumAttempts: 5 },
});

/** Looks after the records: the day's anchor over the ledger, and the purge. Started by a schedule, again and again. */
export async function dailyRecords(): Promise<string> {
  return keepRecords();
}
