import { z } from 'zod';

import type { SaleState } from '../domain/ending/sale';
import { decisionStates } from '../domain/approval';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const saleRow = z.object({
  saleId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  buyer: z.string(),
  saleDay: z.string(),
  priceMinor: z.int(),
  noticeEvidence: z.array(z.string()),
  /** As the loan stood when it was proposed. */
  outstandingMinor: z.int(),
  proposedBy: z.string(),
  proposedAtMs: z.int(),
  approvalId: z.string(),
  approval: z.enum(decisionStates),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
});
type SaleRow = z.infer<typeof saleRow>;
export type StoredSale = Omit<SaleRow, 'approval'> & { readonly state: SaleState };

export type NewSale = Omit<SaleRow, 'approvalId' | 'approval' | 'decidedBy' | 'decidedAtMs'>;

/** Writes a proposal down; it counts from its approval on. */
export async function addSale(db: Queryable, sale: NewSale): Promise<void> {
  const { saleId, loanId, caseNo, buyer, saleDay, priceMinor, noticeEvidence, outstandingMinor } = sale;
  const text = `insert into sale (sale_id, loan_id, case_no, buyer, sale_day, price_minor, notice_evidence,
      outstanding_minor, proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
  const values = [saleId, loanId, caseNo, buyer, saleDay, priceMinor, noticeEvidence, outstandingMinor];
  await execute(db, text, [...values, sale.proposedBy, instant(sale.proposedAtMs)]);
}

/** Every sale that was proposed for the loan, the oldest first. */
export async function listSales(db: Queryable, loanId: string): Promise<StoredSale[]> {
  const text = `select s.sale_id as "saleId", s.loan_id as "loanId", s.case_no as "caseNo", s.buyer,
      s.sale_day as "saleDay", s.price_minor as "priceMinor", s.notice_evidence as "noticeEvidence",
      s.outstanding_minor as "outstandingMinor", s.proposed_by as "proposedBy", s.proposed_at as "proposedAtMs",
      a.approval_id as "approvalId", a.state as approval, a.decided_by as "decidedBy", a.decided_at as "decidedAtMs"
    from sale s join approval a on a.kind = 'sale' and a.subject_id = s.sale_id::text
    where s.loan_id = $1 order by s.proposed_at, s.recorded_at`;
  const rows = await many(db, saleRow, text, [loanId]);
  return rows.map(({ approval, ...row }) => ({ ...row, state: approval === 'approved' ? 'sold' : approval }));
}
