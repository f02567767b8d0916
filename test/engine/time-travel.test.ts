import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { activityInfo } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

import { caseClockMs, type ExecutionRef, fastForwardTo } from '../../src/engine/time-travel';
import type { sleeper, workingSleeper } from './sleeper.workflow';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const address = process.env['ARREARS_TEST_TEMPORAL_ADDRESS']!;
const namespace = process.env['ARREARS_TEST_NAMESPACE']!;
const taskQueue = 'time-travel';
let connection: Connection;
let client: Client;
let workerConnection: NativeConnection;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  workerConnection = await NativeConnection.connect({ address });
  const workflowsPath = require.resolve('./sleeper.workflow');
  worker = await Worker.create({
    connection: workerConnection,
    namespace,
    taskQueue,
    workflowsPath,
    activities: { maySkip },
  });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await Promise.all([connection.close(), workerConnection.close()]);
});

async function startSleeper(workflowId: string, queue = taskQueue): Promise<ExecutionRef> {
  await client.workflow.start<typeof sleeper>('sleeper', { taskQueue: queue, workflowId });
  return { connection, namespace, workflowId };
}

/** Whether the server may skip time of the execution that asks. */
async function maySkip(): Promise<boolean> {
  const execution = { workflowId: activityInfo().workflowExecution!.workflowId };
  const { workflowExtendedInfo } = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
  return workflowExtendedInfo?.timeSkippingInfo?.effectiveConfig?.enabled === true;
}

async function daysAhead(ref: ExecutionRef): Promise<number> {
  return Math.round(((await caseClockMs(ref)) - Date.now()) / 1_000) / (DAY_MS / 1_000);
}

test('the clock of one case moves as far as asked and that of no other; what falls due is done on the way', async () => {
  const moved = await startSleeper('clock/moved');
  const other = await startSleeper('clock/other');
  await fastForwardTo(moved, DAY_MS);
  expect(await daysAhead(moved)).toBeCloseTo(1, 3);
  await fastForwardTo(moved, 2 * DAY_MS);
  expect(await daysAhead(moved)).toBeCloseTo(2, 3);
  expect(await daysAhead(other)).toBeCloseTo(0, 3);
  await fastForwardTo(moved, 7 * DAY_MS);
  const [beforeMs, afterMs] = (await client.workflow.getHandle<typeof sleeper>('clock/moved').result()) as [
    number,
    number,
  ];
  expect((afterMs - beforeMs) / DAY_MS).toBeCloseTo(3, 3);
  await client.workflow.getHandle('clock/other').terminate();
});

test('while a case works its time is not skipped, so that it cannot run past the instant to which it is moved', async () => {
  const workflowId = 'clock/working';
  const handle = await client.workflow.start<typeof workingSleeper>('workingSleeper', { taskQueue, workflowId });
  const working = { connection, namespace, workflowId };
  // Both timers before it are passed; the work that follows the second may outlast the instant, and a third is days off.
  await fastForwardTo(working, 2 * HOUR_MS + 2_000);
  expect((await daysAhead(working)) * 24).toBeCloseTo(2, 1);
  await fastForwardTo(working, 5 * DAY_MS);
  expect(await handle.result()).toEqual([false, false]);
});

test('moved to just after a timer, a case has woken when the move is over, so that the next move cannot pass over it', async () => {
  const ended: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const ref = await startSleeper(`clock/just-after-${round}`);
    await fastForwardTo(ref, 3 * DAY_MS + 300);
    await fastForwardTo(ref, 5 * DAY_MS);
    const [beforeMs, afterMs] = (await client.workflow.getHandle(ref.workflowId).result()) as [number, number];
    ended.push(Math.round((afterMs - beforeMs) / DAY_MS));
  }
  expect(ended).toEqual(ended.map(() => 3));
});

test('moved by several callers at once, a case goes the way once; one that is further ahead stays there', async () => {
  const moved = await startSleeper('clock/at-once');
  await Promise.all([1, 2, 3, 4].map(() => fastForwardTo(moved, DAY_MS)));
  expect(await daysAhead(moved)).toBeCloseTo(1, 3);
  await fastForwardTo(moved, DAY_MS / 2);
  expect(await daysAhead(moved)).toBeCloseTo(1, 3);
  await client.workflow.getHandle('clock/at-once').terminate();
});

test('a case that has ended is left as it is, and a case that never was is an error', async () => {
  const ended = await startSleeper('clock/ended');
  await client.workflow.getHandle('clock/ended').terminate();
  await fastForwardTo(ended, DAY_MS);
  await expect(fastForwardTo({ ...ended, workflowId: 'clock/never' }, DAY_MS)).rejects.toThrow(/not found/i);
});

test('time waits for work in flight: without a worker the clock stands, and the caller is told', async () => {
  const stuck = await startSleeper('clock/stuck', 'a queue without a worker');
  const move = fastForwardTo(stuck, DAY_MS, 500);
  await expect(move).rejects.toMatchObject({ type: 'FastForwardFailed' });
  expect(await daysAhead(stuck)).toBeCloseTo(0, 3);
  await client.workflow.getHandle('clock/stuck').terminate();
}, 60_000);
