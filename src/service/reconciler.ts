import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { notifyCase } from '../cases/notify';
import type { Desk } from '../cases/desk';
import { reconcileAttempts } from '../cases/reconcile-attempts';
import { giveUpSilentCalls } from '../cases/silent-calls';
import type { SendingDeps } from '../contact/make-contact';

const everyMs = 60_000;

/** Asks after open attempts every minute, until it is stopped. Several processes may do so: each contact is locked. */
export function startReconciler(desk: Desk, sending: SendingDeps, logger: Logger): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const deps = {
    ...sending,
    nowMs: () => desk.clock.nowMs(),
    notify: (loanId: string) => notifyCase(desk, loanId),
  };
  async function run(): Promise<void> {
    for (;;) {
      await wait(everyMs, undefined, { signal: stopping.signal });
      try {
        const settled = (await reconcileAttempts(deps)) + (await giveUpSilentCalls(desk.pool, await deps.nowMs()));
        if (settled > 0) logger.info({ settled }, 'attempts without an answer were settled');
      } catch (error) {
        // The database or Temporal is away; the next round finds the same attempts.
        logger.warn({ fault: error instanceof Error ? error.name : 'unknown' }, 'attempts could not be settled');
      }
    }
  }
  const ended = run().catch(() => undefined);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
