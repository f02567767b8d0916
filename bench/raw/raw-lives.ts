import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { SmsChannel } from '../../src/channels/twilio-sms';
import { fastForwardTo } from '../../src/engine/time-travel';
import { demoCustomer, peopleMax } from '../../src/intake/demo-people';
import { createPool, inTransaction } from '../../src/store/database';
import type { House } from '../house';
import { type Lives, lifeMs } from '../life';
import { createRawActivities } from './raw-activities';
import { rawTables } from './raw-tables';

const namespace = 'arrears';
const taskQueue = 'raw';

/** The bare SDK and `pg`: same engine, database, provider, worker options and number of effects, and none of the rules. */
export async function rawLives({ engine }: House, sms: SmsChannel, firstAtMs: number): Promise<Lives> {
  const pool = createPool(engine.databaseUrl, { applicationName: 'arrears-raw', max: 30, as: 'owner' });
  await pool.query(rawTables);
  const connection = await Connection.connect({ address: engine.temporalAddress });
  const temporal = new Client({ connection, namespace });
  const phones = new Map<string, string>();
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: engine.temporalAddress }),
    ...{ namespace, taskQueue, workflowsPath: require.resolve('./raw-workflow') },
    activities: createRawActivities(pool, sms, (lifeId) => phones.get(lifeId) ?? ''),
    ...{ maxConcurrentActivityTaskExecutions: 40, maxConcurrentWorkflowTaskExecutions: 40, maxCachedWorkflows: 400 },
  });
  const ended = worker.run();

  async function live(lifeId: string): Promise<void> {
    await open(pool, lifeId, phones.get(lifeId) ?? '');
    const input = { taskQueue, workflowId: lifeId, args: [{ lifeId, firstAtMs }] };
    const handle = await temporal.workflow.start('rawLife', input);
    await fastForwardTo({ connection, namespace, workflowId: lifeId }, lifeMs);
    await pay(pool, lifeId);
    await handle.signal('paid');
    await handle.result();
  }
  return {
    sms,
    prepare(prefix, count) {
      const lifeIds = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
      for (const [index, id] of lifeIds.entries()) phones.set(id, demoCustomer(id, index % peopleMax).phone ?? '');
      return Promise.resolve(lifeIds);
    },
    live,
    workflowId: (lifeId) => lifeId,
    schema: 'raw',
    async close() {
      worker.shutdown();
      await ended;
      await connection.close();
      await pool.end();
    },
  };
}

const insertEvent = `insert into raw.event (life_id, at, kind, data, event_key) values ($1, now(), $2, '{}', $2)`;

function open(pool: Pool, lifeId: string, phone: string): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const text = `insert into raw.life (life_id, phone, stage, next_action) values ($1, $2, 'reminder', 'look')`;
    await tx.query(text, [lifeId, phone]);
    await tx.query(insertEvent, [lifeId, 'opened']);
  });
}

function pay(pool: Pool, lifeId: string): Promise<void> {
  return inTransaction(pool, async (tx) => {
    await tx.query('insert into raw.payment values ($1, $2, $3)', [`p-${lifeId}`, lifeId, 100_000]);
    await tx.query(insertEvent, [lifeId, 'payment-posted']);
  });
}
