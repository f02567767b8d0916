import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { RawActivities } from './raw-activities';

const { look, remind, finish } = proxyActivities<RawActivities>({ startToCloseTimeout: '1m' });

export const paid = defineSignal('paid');

const dayMs = 86_400_000;

/** The same life without any rule: look, four reminders at given times, a payment, look, finish. */
export async function rawLife({ lifeId, firstAtMs }: { lifeId: string; firstAtMs: number }): Promise<void> {
  let isPaid = false;
  setHandler(paid, () => {
    isPaid = true;
  });
  await look({ lifeId });
  for (let no = 0; no < 4; no += 1) {
    await condition(() => isPaid, Math.max(1, firstAtMs + no * 3 * dayMs - Date.now()));
    await remind({ lifeId, no, atMs: Date.now() });
  }
  await condition(() => isPaid, 20 * dayMs);
  await look({ lifeId });
  await finish({ lifeId, atMs: Date.now() });
}
