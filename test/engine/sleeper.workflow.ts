import { sleep } from '@temporalio/workflow';

/** Waits three days and tells what time it was before and after. */
export async function sleeper(): Promise<number[]> {
  const beforeMs = Date.now();
  await sleep('3 days');
  return [beforeMs, Date.now()];
}
