import { proxyActivities, sleep } from '@temporalio/workflow';

/** Waits three days and tells what time it was before and after. */
export async function sleeper(): Promise<number[]> {
  const beforeMs = Date.now();
  await sleep('3 days');
  return [beforeMs, Date.now()];
}

const { maySkip } = proxyActivities<{ maySkip: () => Promise<boolean> }>({ startToCloseTimeout: '1m' });

/** Works after one hour and after two, and then waits three days; tells whether its time could be skipped as it worked. */
export async function workingSleeper(): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (let hour = 1; hour <= 2; hour += 1) {
    await sleep('1 hour');
    answers.push(await maySkip());
  }
  await sleep('3 days');
  return answers;
}
