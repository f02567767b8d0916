import { WorkflowNotFoundError } from '@temporalio/client';
import type { CaseCommand } from '../domain/case';
import { pauseProblem } from '../domain/pause';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { caseWorkflowId, pauseUpdate, restructureUpdate, resumeUpdate } from '../../workflows/messages';
import type { Desk } from './desk';
import { ensureRunning } from './open-case';
import { bringToBankTime } from './time-travel';

/**
 * Asks a running case to carry out a supervisor's command and waits for its answer, one sentence. The same id again is the
 * same command.
 * @throws Refusal NotFound, CaseNotOpen or PauseInvalid; what the case itself refuses comes as WorkflowUpdateFailedError.
 */
export async function commandCase(
  desk: Desk,
  loanId: string,
  command: CaseCommand,
  commandId: string,
): Promise<string> {
  const latest = await getLatestCase(desk.pool, loanId);
  if (latest === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  if (latest.status !== 'open') throw new Refusal('CaseNotOpen', 'the case is closed');
  const problem = command.kind === 'pause' ? pauseProblem(command) : null;
  if (problem !== null) throw problem;
  try {
    await bringToBankTime(desk, loanId);
    return await update(desk, loanId, command, commandId);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // Opened, and then its start was cut off: it is made good here.
    await ensureRunning(desk, latest);
    return update(desk, loanId, command, commandId);
  }
}

function update(desk: Desk, loanId: string, command: CaseCommand, updateId: string): Promise<string> {
  const handle = desk.temporal.workflow.getHandle(caseWorkflowId(loanId));
  switch (command.kind) {
    case 'pause':
      return handle.executeUpdate(pauseUpdate, { updateId, args: [command] });
    case 'resume':
      return handle.executeUpdate(resumeUpdate, { updateId, args: [command] });
    case 'restructure': {
      const { terms, reason, actor } = command;
      return handle.executeUpdate(restructureUpdate, { updateId, args: [{ terms, reason, actor }] });
    }
  }
}
