import { afterAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { Client as Database } from 'pg';

import { processIdentity } from '../../src/engine/process-identity';
import {
  emptyHome,
  engineProcess,
  killHard,
  optionsFor,
  recordedPids,
  removeHome,
  stopOrderly,
} from './engine-process';

const home = emptyHome();
const stage = defineSearchAttributeKey('CaseStage', 'KEYWORD');
const daysPastDue = defineSearchAttributeKey('DaysPastDue', 'INT');
afterAll(() => removeHome(home));

async function inDatabase(url: string, sql: string): Promise<unknown[]> {
  const database = new Database({ connectionString: url });
  await database.connect();
  const { rows } = await database.query<Record<string, unknown>>(sql).finally(() => database.end());
  return rows;
}

async function inTemporal<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  return use(new Client({ connection, namespace: 'bank' })).finally(() => connection.close());
}

test('an empty folder becomes an engine, and nothing is lost when everything is killed at once', async () => {
  const options = await optionsFor(home);
  const first = await engineProcess(options);
  if (!first.answer.up) throw new Error(first.answer.message);
  const { databaseUrl, temporalAddress } = first.answer;
  await inDatabase(databaseUrl, "CREATE TABLE receipt (id text); INSERT INTO receipt VALUES ('r-1')");
  await inTemporal(temporalAddress, (client) =>
    client.workflow.start('loanCase', {
      taskQueue: 'arrears',
      workflowId: 'loan/L-1',
      args: [{ loanId: 'L-1' }],
      typedSearchAttributes: new TypedSearchAttributes([
        { key: stage, value: 'Reminder' },
        { key: daysPastDue, value: 12 },
      ]),
    }),
  );

  const orphans = recordedPids(home);
  await killHard(first.service);
  // Assert the parts outlive the service at first: the next start must find and end them.
  expect(orphans).toHaveLength(2);
  expect(orphans.map(processIdentity)).not.toContain(null);

  const second = await engineProcess(options);
  if (!second.answer.up) throw new Error(second.answer.message);
  expect(orphans.map(processIdentity)).toEqual([null, null]);

  // Then everything is killed, PostgreSQL in the middle of its work included.
  const parts = recordedPids(home);
  await killHard(second.service);
  for (const pid of parts) process.kill(pid, 'SIGKILL');

  const third = await engineProcess(options);
  if (!third.answer.up) throw new Error(third.answer.message);
  expect(third.answer).toEqual(first.answer);
  expect(await inDatabase(databaseUrl, 'SELECT id FROM receipt')).toEqual([{ id: 'r-1' }]);
  const { status, typedSearchAttributes } = await inTemporal(temporalAddress, (client) =>
    client.workflow.getHandle('loan/L-1').describe(),
  );
  expect(status.name).toBe('RUNNING');
  expect([typedSearchAttributes.get(stage), typedSearchAttributes.get(daysPastDue)]).toEqual(['Reminder', 12]);

  const refused = await engineProcess({ ...options, ...(await optionsFor(home)) });
  expect(refused.answer).toMatchObject({ up: false, type: 'EngineAlreadyRunning' });
  expect(refused.answer).toMatchObject({ message: expect.stringContaining('set ARREARS_HOME') });

  await stopOrderly(third.service);
  expect(recordedPids(home)).toEqual([]);
});
