import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Desk } from '../cases/desk';

/** Every hour, because a bank day begins at its own hour; the work itself is done once a bank day. */
const lookedEvery = '1h';

/** The schedule that looks after the records. Made by whichever worker is first; each start looks at once. */
export async function scheduleDailyRecords({ temporal, taskQueue }: Desk): Promise<void> {
  const scheduleId = `records/${taskQueue}`;
  try {
    await temporal.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: lookedEvery }] },
      action: { type: 'startWorkflow', workflowType: 'dailyRecords', taskQueue, workflowId: scheduleId, args: [] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1d' },
      state: { triggerImmediately: true },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await temporal.schedule.getHandle(scheduleId).trigger(ScheduleOverlapPolicy.SKIP);
  }
}
