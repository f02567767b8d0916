import { z } from 'zod';
import type { WriteOffView } from '../cases/read-write-offs';
import { writeOffReasons } from '../domain/ending/write-off';
import type { StoredSale } from '../store/sales';
import type { StoredWriteOff } from '../store/write-offs';
import { amountMinor, day, iso, maybeIso, shortText, shownDay, shownInstant } from './shapes';

/** Where a document lies, by number or address: no words about a person, for it outlasts a purge. */
const reference = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,199}$/,
    'must be the reference of a document: letters, digits and . _ : / # -',
  );
const references = z.array(reference).min(1).max(20);

export const writeOffBody = z.strictObject({ reason: z.enum(writeOffReasons), evidence: references });
export const undoBody = z.strictObject({ reason: shortText(200) });
export const saleBody = z.strictObject({
  buyer: shortText(100),
  /** From which the claim is the buyer's. */
  saleDay: day,
  priceMinor: amountMinor,
  /** That the borrower was told: before that a sale does not bind them. */
  noticeEvidence: references,
});

export const shownWriteOff = z
  .object({
    writeOffId: z.string(),
    caseNo: z.int(),
    state: z.enum(['waiting', 'rejected', 'in-force', 'undone']),
    undoWaits: z.boolean(),
    reason: z.enum(writeOffReasons),
    evidence: z.array(z.string()),
    /** As the loan stood when it was proposed. */
    rawDpd: z.int(),
    outstandingMinor: z.int(),
    proposedBy: z.string(),
    proposedAt: shownInstant,
    approvalId: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: shownInstant.nullable(),
  })
  .meta({ id: 'WriteOff' });

/** The write-off in force, as the facts have it today. */
const currentWriteOff = z.object({
  writeOffId: z.string(),
  day: shownDay,
  currency: z.string(),
  writtenOffMinor: z.int(),
  recoveredMinor: z.int(),
  /** The claim stays: what is owed today. */
  outstandingMinor: z.int(),
  recoveries: z.array(z.object({ paymentId: z.string(), valueDay: shownDay, amountMinor: z.int() })),
});
export const shownWriteOffs = z
  .object({ current: currentWriteOff.nullable(), items: z.array(shownWriteOff) })
  .meta({ id: 'WriteOffs' });

export const shownSale = z
  .object({
    saleId: z.string(),
    caseNo: z.int(),
    state: z.enum(['waiting', 'rejected', 'sold']),
    buyer: z.string(),
    saleDay: shownDay,
    priceMinor: z.int(),
    noticeEvidence: z.array(z.string()),
    /** As the loan stood when it was proposed. */
    outstandingMinor: z.int(),
    proposedBy: z.string(),
    proposedAt: shownInstant,
    approvalId: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: shownInstant.nullable(),
  })
  .meta({ id: 'Sale' });

export function showWriteOff({ proposedAtMs, decidedAtMs, ...row }: StoredWriteOff): z.infer<typeof shownWriteOff> {
  return { ...row, proposedAt: iso(proposedAtMs), decidedAt: maybeIso(decidedAtMs) };
}

export function showCurrent(current: WriteOffView): z.infer<typeof currentWriteOff> {
  const recoveries = current.recoveries.map(({ id, valueDay, amountMinor: amount }) => ({
    ...{ paymentId: id, valueDay, amountMinor: amount },
  }));
  return { ...current, recoveries };
}

export function showSale({ proposedAtMs, decidedAtMs, ...row }: StoredSale): z.infer<typeof shownSale> {
  return { ...row, proposedAt: iso(proposedAtMs), decidedAt: maybeIso(decidedAtMs) };
}
