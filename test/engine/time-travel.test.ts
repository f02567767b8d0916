import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

import { caseClockMs, type ExecutionRef, fastForward } from '../../src/engine/time-travel';
import type { sleeper } from './sleeper.workflow';

const DAY_MS = 86_400_000;
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
  worker = await Worker.create({ connection: workerConnection, namespace, taskQueue, workflowsPath });
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

async function daysAhead(ref: ExecutionRef): Promise<number> {
  return Math.round(((await caseClockMs(ref)) - Date.now()) / 1_000) / (DAY_MS / 1_000);
}

test('the clock of one case moves as far as asked and that of no other; what falls due is done on the way', async () => {
  const moved = await startSleeper('clock/moved');
  const other = await startSleeper('clock/other');
  await fastForward(moved, DAY_MS);
  expect(await daysAhead(moved)).toBeCloseTo(1, 3);
  await fastForward(moved, DAY_MS);
  expect(await daysAhead(moved)).toBeCloseTo(2, 3);
  expect(await daysAhead(other)).toBeCloseTo(0, 3);
  await fastForward(moved, 5 * DAY_MS);
  const [beforeMs, afterMs] = (await client.workflow.getHandle<typeof sleeper>('clock/moved').result()) as [
    number,
    number,
  ];
  expect((afterMs - beforeMs) / DAY_MS).toBeCloseTo(3, 3);
  await client.workflow.getHandle('clock/other').terminate();
});

test('a case that has ended is left as it is, and a case that never was is an error', async () => {
  const ended = await startSleeper('clock/ended');
  await client.workflow.getHandle('clock/ended').terminate();
  await fastForward(ended, DAY_MS);
  await expect(fastForward({ ...ended, workflowId: 'clock/never' }, DAY_MS)).rejects.toThrow(/not found/i);
});

test('time waits for work in flight: without a worker the clock stands, and the caller is told', async () => {
  const stuck = await startSleeper('clock/stuck', 'a queue without a worker');
  const move = fastForward(stuck, DAY_MS, 500);
  await expect(move).rejects.toMatchObject({ type: 'FastForwardFailed' });
  expect(await daysAhead(stuck)).toBeCloseTo(0, 3);
  await client.workflow.getHandle('clock/stuck').terminate();
}, 60_000);
