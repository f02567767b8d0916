import * as wf from '@temporalio/workflow';
import type { BulkActivities } from './asks';
import type { BulkInput } from './messages';

const { pauseNextLoans } = wf.proxyActivities<BulkActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  // What was agreed is carried out, however long the world is away.
  retry: { initialInterval: '1s', maximumInterval: '5m' },
});

/** Carries out a pause of many loans, batch by batch. How far it has got is in the database. */
export async function bulkPause(input: BulkInput): Promise<void> {
  while ((await pauseNextLoans(input)) > 0) {
    if (wf.workflowInfo().continueAsNewSuggested) await wf.continueAsNew<typeof bulkPause>(input);
  }
}
