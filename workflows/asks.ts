import type { CaseCommand, CaseFacts, CaseState, Decision, StepResult } from '../src/domain/case';

export interface CommandOnCase {
  readonly loanId: string;
  readonly caseNo: number;
  /** The same id again is the same command. */
  readonly commandId: string;
  readonly command: CaseCommand;
  readonly atMs: number;
}

/** All that a case asks of the world. Each runs at least once and has its effect once; `atMs` is the case's clock. */
export interface CaseActivities {
  /** Reads how the case stands and shows it in the lists. */
  assess(asked: { state: CaseState; atMs: number }): Promise<CaseFacts>;
  /** Does what was decided, if fresh facts still ask for it. */
  takeStep(asked: { state: CaseState; decision: Decision; atMs: number }): Promise<StepResult>;
  /** Carries out a supervisor's command and says what it did; a refusal is final and is told to whoever asked. */
  applyCommand(asked: CommandOnCase): Promise<string>;
}

/** What is done for the records of all cases. */
export interface RecordActivities {
  /** Once a bank day, however often it is asked for; says what was done. */
  keepRecords(): Promise<string>;
}

/** What is done for many loans at once. */
export interface BulkActivities {
  /** Pauses the next loans of an agreed list and tells their cases; answers how many are left. */
  pauseNextLoans(asked: { bulkId: string }): Promise<number>;
}
