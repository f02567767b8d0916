import type { ApprovalKind } from '../domain/approval';
import type { Approval } from '../store/approvals';
import type { Queryable } from '../store/database';
import { caseStillOpenHandler, writeOffHandler } from './approve-ending';
import { arrangementApproval } from './arrangement-approval';
import type { Desk } from './desk';
import { waiverApproval } from './waiver-approval';

/** A proposal that was just decided on, in the transaction of the decision, which holds the borrower. */
export interface DecidedApproval {
  readonly tx: Queryable;
  readonly desk: Desk;
  readonly approval: Approval;
  readonly nowMs: number;
}

/** What follows from a decision. A refusal (what was proposed can no longer be) undoes the decision. */
export interface ApprovalHandler {
  approved(decided: DecidedApproval): Promise<void>;
  rejected(decided: DecidedApproval): Promise<void>;
}

/** What is proposed of each kind takes effect here, and nowhere else. */
export const approvalHandlers: Readonly<Record<ApprovalKind, ApprovalHandler>> = {
  arrangement: arrangementApproval,
  'write-off': writeOffHandler,
  'write-off-undo': caseStillOpenHandler,
  sale: caseStillOpenHandler,
  waiver: waiverApproval,
};
