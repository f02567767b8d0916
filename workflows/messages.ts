import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CaseCommand, CaseState, CloseReason, Decision } from '../src/domain/case';

/** The first argument of `loanCase`, and what continue-as-new hands on. */
export interface CaseInput {
  readonly state: CaseState;
  /** The run is continued as new at the latest when its history has so many events. */
  readonly historyEventsMax: number;
}

export interface CaseClosing {
  readonly why: CloseReason;
  readonly atMs: number;
}

/** The argument of `bulkPause`. */
export interface BulkInput {
  readonly bulkId: string;
}

/** What the query `case` answers. */
export interface CaseView {
  readonly state: CaseState;
  readonly next: Decision | null;
  readonly rawDpd: number | null;
  readonly effectiveDpd: number | null;
  readonly overdueMinor: number | null;
}

export type PauseRequest = Omit<Extract<CaseCommand, { kind: 'pause' }>, 'kind'>;
export type ResumeRequest = Omit<Extract<CaseCommand, { kind: 'resume' }>, 'kind'>;
export type RestructureRequest = Omit<Extract<CaseCommand, { kind: 'restructure' }>, 'kind'>;

export const taskQueue = 'arrears';
export const caseWorkflowId = (loanId: string): string => `loan/${loanId}`;
export const bulkPauseWorkflowId = (bulkId: string): string => `pauses/${bulkId}`;

/** A wake-up: the facts in the database changed. Carries nothing, so doubled, late or reordered ones do no harm. */
export const factsChanged = defineSignal('factsChanged');
export const pauseSignal = defineSignal<[PauseRequest]>('pause');
export const resumeSignal = defineSignal<[ResumeRequest]>('resume');
export const restructureSignal = defineSignal<[RestructureRequest]>('restructure');

export const pauseUpdate = defineUpdate<string, [PauseRequest]>('pause');
export const resumeUpdate = defineUpdate<string, [ResumeRequest]>('resume');
export const restructureUpdate = defineUpdate<string, [RestructureRequest]>('restructure');

export const caseQuery = defineQuery<CaseView>('case');
