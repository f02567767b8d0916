import type { Worker } from '@temporalio/worker';
import { bankToday } from '../src/cases/bank-today';
import type { Desk } from '../src/cases/desk';
import { openCase } from '../src/cases/open-case';
import { recordPayment } from '../src/cases/record-payment';
import { fastForwardTo } from '../src/engine/time-travel';
import { caseWorkerDeps, openGate } from '../src/service/case-worker-deps';
import { openDesk } from '../src/service/desk';
import { openSending } from '../src/service/sending';
import { createCaseWorker } from '../worker/case-worker';
import { caseWorkflowId } from '../workflows/messages';
import type { House } from './house';
import { type Lives, lifeMs } from './life';
import { addLoans, overdueMinor } from './loans';

const actor = { name: 'bench', roles: ['system'] };

/** The product as it is, but for its HTTP API: the functions behind the API are called. */
export async function ourLives({ engine, home, config, zone }: House): Promise<Lives> {
  const gate = await openGate();
  const { desk, close } = await openDesk(config, engine, gate.inForce.packs);
  const sending = await openSending(config, `${home}/outbox.ndjson`);
  const deps = caseWorkerDeps(config, desk, gate, sending);
  const place = {
    connection: { address: engine.temporalAddress },
    namespace: desk.namespace,
    taskQueue: desk.taskQueue,
  };
  const worker: Worker = await createCaseWorker(place, deps);
  const ended = worker.run();
  return {
    sms: sending.channels.sms,
    prepare: async (prefix, count) => addLoans(desk.pool, prefix, count, zone, await bankToday(desk)),
    live: (loanId) => live(desk, loanId),
    workflowId: caseWorkflowId,
    schema: 'public',
    async close() {
      worker.shutdown();
      await ended;
      await sending.close();
      await close();
    },
  };
}

async function live(desk: Desk, loanId: string): Promise<void> {
  await openCase(desk, loanId, actor.name);
  const { connection, namespace } = desk;
  await fastForwardTo({ connection, namespace, workflowId: caseWorkflowId(loanId) }, lifeMs);
  const payment = { paymentId: `p-${loanId}`, loanId, kind: 'payment', amountMinor: overdueMinor } as const;
  const valueDay = await bankToday(desk);
  await recordPayment(desk, { ...payment, currency: 'CNY', valueDay, reverses: null }, actor);
  await desk.temporal.workflow.getHandle(caseWorkflowId(loanId)).result();
}
