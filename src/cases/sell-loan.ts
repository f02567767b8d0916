import { randomUUID } from 'node:crypto';
import type { Day } from '../domain/day';
import { saleProblem } from '../domain/ending/sale';
import { inTransaction } from '../store/database';
import { addSale, listSales } from '../store/sales';
import type { Actor } from './actor';
import { askForApproval } from './decide-approval';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';

export interface SaleProposal {
  readonly buyer: string;
  readonly saleDay: Day;
  readonly priceMinor: number;
  /** References of documents that show that the borrower was told; before that the sale does not bind them. */
  readonly noticeEvidence: readonly string[];
}

/**
 * Proposes to sell a loan (债权转让). Once agreed to, its case closes, nobody is contacted for it any more, and no other
 * case opens. @throws Refusal NotFound, CaseNotOpen, AlreadyExists or EndingInvalid.
 */
export async function proposeSale(desk: Desk, loanId: string, proposal: SaleProposal, actor: Actor): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const { caseRow, delinquency, policy, today } = await lockOpenCase(tx, desk, loanId, nowMs);
    const states = (await listSales(tx, loanId)).map(({ state }) => state);
    const problem = saleProblem(proposal.saleDay, today, states);
    if (problem !== null) throw problem;
    const { saleDay, priceMinor, noticeEvidence } = proposal;
    const { outstandingMinor } = delinquency;
    const saleId = randomUUID();
    const proposed = { loanId, caseNo: caseRow.caseNo, proposedBy: actor.name, proposedAtMs: nowMs };
    const sale = { ...proposal, ...proposed, noticeEvidence: [...noticeEvidence], saleId, outstandingMinor };
    await addSale(tx, sale);
    const terms = { saleDay, priceMinor, outstandingMinor, currency: caseRow.currency };
    const about = { kind: 'sale', subjectId: saleId, role: policy.sale.approval, terms } as const;
    await askForApproval(tx, { ...proposed, ...about }, `for sale as of ${saleDay}`);
  });
}
