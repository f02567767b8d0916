import { fastForwardTo } from '../engine/time-travel';
import { Refusal } from '../domain/refusal';
import { aheadMs, moveAhead } from '../store/clock';
import { allOpenCases, casesDueBy } from '../store/case-lists';
import { caseWorkflowId } from '../../workflows/messages';
import type { Desk } from './desk';
import { eachAtOnce } from './each-at-once';

const dayMs = 86_400_000;
const casesAtOnce = 24;

export interface TravelProgress {
  readonly day: number;
  readonly days: number;
  readonly casesMoved: number;
}

/**
 * Moves the bank's clock ahead day by day. Within a day every case that has something to do is moved to the end of the
 * day before any case sees the next, so that a borrower's cases stay in step and caps across loans hold. A case with
 * nothing to do is moved once, at the end.
 * @param afterDay what else is done once a day; no schedule does it while days pass in seconds.
 * @throws Refusal TimeTravelOff.
 */
export async function travelForward(
  desk: Desk,
  durationMs: number,
  onProgress: (progress: TravelProgress) => void = () => undefined,
  signal?: AbortSignal,
  afterDay: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  if (!desk.timeTravel) throw new Refusal('TimeTravelOff', 'this service does not allow its clock to be moved');
  const days = Math.ceil(durationMs / dayMs);
  let leftMs = durationMs;
  let casesMoved = 0;
  for (let day = 1; day <= days && signal?.aborted !== true; day += 1) {
    const stepMs = Math.min(dayMs, leftMs);
    leftMs -= stepMs;
    await moveAhead(desk.pool, stepMs);
    const due = await casesDueBy(desk.pool, await desk.clock.nowMs());
    await eachAtOnce(due, casesAtOnce, ({ loanId }) => bringToBankTime(desk, loanId), signal);
    casesMoved += due.length;
    await afterDay();
    onProgress({ day, days, casesMoved });
  }
  await eachAtOnce(await allOpenCases(desk.pool), casesAtOnce, ({ loanId }) => bringToBankTime(desk, loanId), signal);
}

/** Lets one case catch up with the bank's clock; all that falls due on the way is done on the way. */
export async function bringToBankTime(desk: Desk, loanId: string): Promise<void> {
  if (!desk.timeTravel) return;
  const bankAheadMs = await aheadMs(desk.pool);
  if (bankAheadMs === 0) return;
  const { connection, namespace } = desk;
  await fastForwardTo({ connection, namespace, workflowId: caseWorkflowId(loanId) }, bankAheadMs);
}
