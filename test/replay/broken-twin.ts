import { upsertMemo } from '@temporalio/workflow';
import { loanCase as soundCase } from '../../workflows/loan-case';
import type { CaseClosing, CaseInput } from '../../workflows/messages';

/** The case after a careless change: one more command. Recorded runs cannot go on with it, and the gate must say so. */
export async function loanCase(input: CaseInput): Promise<CaseClosing> {
  upsertMemo({ careless: true });
  return soundCase(input);
}
