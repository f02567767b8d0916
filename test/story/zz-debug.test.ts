import { it } from '@jest/globals';
import { travelForward } from '../../src/cases/time-travel';
import { datedStoryOf } from '../support/case-record';
import { startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';
import { runOf } from '../support/supervisor';
import { tsToMs } from '@temporalio/common/lib/time';
import { writeFileSync, appendFileSync } from 'node:fs';

it('debug', async () => {
  const service = await startCaseService({ historyEventsMax: 25 });
  writeFileSync('/tmp/dbg.log', '');
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1 });
  const dueDay = await bankToday(service);
  await open(service, loanId);
  const dump = async (label: string) => {
    const { raw } = await runOf(service, loanId).describe();
    const h = (await runOf(service, loanId).fetchHistory()).events ?? [];
    appendFileSync('/tmp/dbg.log', `\n## ${label} bank ${new Date(await service.desk.clock.nowMs()).toISOString()} clock ${JSON.stringify(raw.workflowExtendedInfo?.timeSkippingInfo)}\n` + h.map((e) => `${e.eventId} ${new Date(tsToMs(e.eventTime!)).toISOString()} ${e.eventType} ${JSON.stringify(e.timerStartedEventAttributes ?? e.workflowExecutionTimeSkippingTransitionedEventAttributes ?? e.workflowExecutionOptionsUpdatedEventAttributes ?? '')}`).join('\n'));
  };
  for (let n = 0; n < 30; n += 1) {
    await travelForward(service.desk, 86_400_000);
    const before = (await datedStoryOf(service, loanId, dueDay)).length;
    await new Promise((r) => setTimeout(r, 1500));
    await dump(`day ${n + 2} events ${before} last ${(await datedStoryOf(service, loanId, dueDay)).at(-1)}`);
  }
  await service.close();
});
