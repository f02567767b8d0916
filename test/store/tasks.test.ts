import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { addTask, cancelOpenTasks, claimTask, completeTask, getTask, type NewTask } from '../../src/store/tasks';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, hourMs, openedAtMs, sampleTask } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const atMs = openedAtMs + hourMs;

async function openTask(): Promise<NewTask> {
  const task = sampleTask(await addOpenCase(database.pool));
  await addTask(database.pool, task);
  return task;
}

function completion(taskId: string, changes: Partial<Parameters<typeof completeTask>[1]> = {}) {
  const answers = { cause: 'illness', willingness: 'willing', note: null, contactId: null, offered: [] };
  const promise = { promisedDay: '2026-03-12', promisedMinor: 101_000 };
  return { taskId, actor: 'collector-1', atMs, outcome: 'promised', ...answers, ...promise, ...changes };
}

describe('a task', () => {
  it('is one task however often it is added', async () => {
    const task = await openTask();
    const again = await addTask(database.pool, { ...task, taskId: randomUUID() });
    expect(again).toMatchObject({ added: false, task: { taskId: task.taskId } });
  });

  it('goes to one of those who claim it at the same time', async () => {
    const { taskId } = await openTask();
    const claims = await Promise.allSettled(
      [1, 2, 3, 4].map((no) => claimTask(database.pool, { taskId, actor: `collector-${no}`, atMs })),
    );
    expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1);
    for (const claim of claims.filter((one) => one.status === 'rejected')) {
      expect(claim.reason).toMatchObject({ type: 'NotYourTask' });
    }
  });

  it('may be claimed again by whoever has it, and keeps the first instant', async () => {
    const { taskId } = await openTask();
    await claimTask(database.pool, { taskId, actor: 'collector-1', atMs });
    const again = await claimTask(database.pool, { taskId, actor: 'collector-1', atMs: atMs + hourMs });
    expect(again).toMatchObject({ state: 'claimed', assignee: 'collector-1', claimedAtMs: atMs });
  });

  it('is completed by nobody but its claimer, and once', async () => {
    const { taskId } = await openTask();
    await claimTask(database.pool, { taskId, actor: 'collector-1', atMs });
    const stranger = completeTask(database.pool, completion(taskId, { actor: 'collector-2' }));
    await expect(stranger).rejects.toMatchObject({ type: 'NotYourTask' });
    expect(await completeTask(database.pool, completion(taskId))).toMatchObject({ completed: true });
    expect(await completeTask(database.pool, completion(taskId))).toMatchObject({ completed: false });
    const other = completeTask(database.pool, completion(taskId, { outcome: 'refused' }));
    await expect(other).rejects.toMatchObject({ type: 'TaskNotOpen' });
    expect(await getTask(database.pool, taskId)).toMatchObject({ outcome: 'promised', completedAtMs: atMs });
  });

  it('is cancelled with its case unless it was completed', async () => {
    const done = await openTask();
    await completeTask(database.pool, completion(done.taskId));
    const { customerId, loanId } = done;
    const open = { ...done, taskId: randomUUID(), taskKey: `${done.taskKey}/2`, customerId, loanId };
    await addTask(database.pool, open);
    expect(await cancelOpenTasks(database.pool, loanId, 1)).toHaveLength(1);
    expect((await getTask(database.pool, done.taskId))?.state).toBe('completed');
    const claim = claimTask(database.pool, { taskId: open.taskId, actor: 'collector-1', atMs });
    await expect(claim).rejects.toMatchObject({ type: 'TaskNotOpen' });
  });

  it('that does not exist is not found', async () => {
    const claim = claimTask(database.pool, { taskId: randomUUID(), actor: 'collector-1', atMs });
    await expect(claim).rejects.toMatchObject({ type: 'NotFound' });
  });
});
