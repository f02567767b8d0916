import * as wf from '@temporalio/workflow';
import type { CaseCommand, CaseState } from '../src/domain/case';
import { pauseProblem } from '../src/domain/pause';
import type { CaseActivities } from './asks';
import * as messages from './messages';

const { applyCommand } = wf.proxyActivities<CaseActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

export interface Inbox {
  /** Set when the facts may have changed since they were last read. */
  news: boolean;
}

/**
 * Registers every message that a case takes. An update answers its caller and is refused by an error; a signal cannot
 * answer, so the activity writes its refusal into the timeline and the case goes on.
 */
export function receiveMessages({ loanId, caseNo }: Pick<CaseState, 'loanId' | 'caseNo'>): Inbox {
  const inbox: Inbox = { news: false };

  async function apply(command: CaseCommand, commandId: string): Promise<string> {
    const summary = await applyCommand({ loanId, caseNo, command, commandId, atMs: Date.now() });
    inbox.news = true;
    return summary;
  }
  async function applyUpdate(command: CaseCommand): Promise<string> {
    try {
      return await apply(command, wf.currentUpdateInfo()?.id ?? wf.uuid4());
    } catch (error) {
      if (error instanceof wf.ActivityFailure && error.cause instanceof wf.ApplicationFailure) throw error.cause;
      throw error;
    }
  }
  async function applySignal(command: CaseCommand): Promise<void> {
    try {
      await apply(command, wf.uuid4());
    } catch (error) {
      if (wf.isCancellation(error)) throw error;
      wf.log.warn('signal refused', { kind: command.kind });
    }
  }

  wf.setHandler(messages.factsChanged, () => {
    inbox.news = true;
  });
  wf.setHandler(messages.pauseSignal, (request) => applySignal({ ...request, kind: 'pause' }));
  wf.setHandler(messages.resumeSignal, (request) => applySignal({ ...request, kind: 'resume' }));
  wf.setHandler(messages.restructureSignal, (request) => applySignal({ ...request, kind: 'restructure' }));
  wf.setHandler(messages.pauseUpdate, (request) => applyUpdate({ ...request, kind: 'pause' }), {
    validator: refusePauseBackwards,
  });
  wf.setHandler(messages.resumeUpdate, (request) => applyUpdate({ ...request, kind: 'resume' }));
  wf.setHandler(messages.restructureUpdate, (request) => applyUpdate({ ...request, kind: 'restructure' }));
  return inbox;
}

/** Synchronous, as the SDK calls it: a pause that cannot be is refused before it enters the history. */
function refusePauseBackwards(request: messages.PauseRequest): void {
  const problem = pauseProblem(request);
  if (problem !== null) throw wf.ApplicationFailure.nonRetryable(problem.message, problem.type);
}
