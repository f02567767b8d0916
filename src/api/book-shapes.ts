import { z } from 'zod';
import { shownDay } from './shapes';

/** Sums over loans. Money in minor units of the currency. */
const owedFields = { loans: z.int(), outstandingMinor: z.int(), overdueMinor: z.int() };
const owed = z.object(owedFields);
const sumFields = {
  ...owedFields,
  /** The outstanding principal, due or not. */
  provisionBaseMinor: z.int(),
  /** The sum of the provisions of the loans, each rounded by itself. */
  provisionMinor: z.int(),
};
const sums = z.object(sumFields);

const figureFields = {
  total: sums,
  buckets: z.array(z.object({ bucket: z.string(), ...sumFields })),
  /** Empty where the policy does not classify. */
  classes: z.array(z.object({ class: z.string(), ...sumFields })),
  nonPerforming: sums,
  nonAccrual: sums,
  /** In none of the figures above, like what was sold or paid off. */
  writtenOff: owed,
  sold: owed,
  paidOffLoans: z.int(),
};

export const book = z
  .object({
    asOf: shownDay,
    policyId: z.string(),
    /** By which all loans were judged, whichever version their cases are pinned to. */
    policyVersion: z.string(),
    currencies: z.array(z.object({ currency: z.string(), ...figureFields })),
    products: z.array(z.object({ currency: z.string(), product: z.string(), ...figureFields })),
  })
  .meta({ id: 'Book' });
