import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { commandCase } from '../../src/cases/command-case';
import type { Day } from '../../src/domain/day';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { caseWorkflowId } from '../../workflows/messages';
import type { CaseService } from './case-service';

const actor = 'supervisor-chen';

export function runOf({ desk }: CaseService, loanId: string): WorkflowHandle {
  return desk.temporal.workflow.getHandle(caseWorkflowId(loanId));
}

/** Asks for a pause `[from, until)` and waits for the answer. */
export function pause(service: CaseService, loanId: string, from: Day, until: Day | null): Promise<string> {
  return commandCase(service.desk, loanId, { kind: 'pause', from, until, reason: 'hardship', actor }, randomUUID());
}

export function resume(service: CaseService, loanId: string, on: Day): Promise<string> {
  return commandCase(service.desk, loanId, { kind: 'resume', on, actor }, randomUUID());
}

export function restructure(service: CaseService, loanId: string, terms: ArrangementTerms): Promise<string> {
  return commandCase(service.desk, loanId, { kind: 'restructure', terms, reason: 'hardship', actor }, randomUUID());
}

/** The same as signals, as the Temporal UI and its command line send them: nobody waits for an answer. */
export const bySignal = {
  pause: (service: CaseService, loanId: string, from: Day, until: Day | null) =>
    runOf(service, loanId).signal('pause', { from, until, reason: 'hardship', actor }),
  resume: (service: CaseService, loanId: string, on: Day) => runOf(service, loanId).signal('resume', { on, actor }),
  restructure: (service: CaseService, loanId: string, terms: ArrangementTerms) =>
    runOf(service, loanId).signal('restructure', { terms, reason: 'hardship', actor }),
};
