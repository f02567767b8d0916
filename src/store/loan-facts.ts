import { z } from 'zod';

import type { Day } from '../domain/day';
import { type LoanFacts, paymentKinds, riskTiers } from '../domain/loan';
import type { Queryable } from './database';
import { instalmentAsJson, instalmentJson } from './instalment-rows';

export interface StoredLoanFacts extends LoanFacts {
  readonly loanId: string;
  readonly customerId: string;
  readonly riskTier: (typeof riskTiers)[number];
  readonly branch: string;
  readonly product: string;
  /** It is another's now. */
  readonly sold: boolean;
  /** The day of the sale; null while it is not sold. */
  readonly soldOn: Day | null;
}

const amounts = z.object({ penalty: z.int(), fee: z.int(), interest: z.int(), principal: z.int() });
const factsRow = z.object({
  loanId: z.string(),
  customerId: z.string(),
  riskTier: z.enum(riskTiers),
  branch: z.string(),
  product: z.string(),
  currency: z.string(),
  schedules: z.array(
    z.object({
      no: z.int(),
      effectiveFrom: z.string(),
      instalments: z.array(instalmentJson).readonly(),
      correction: z.literal(true).optional(),
      chargesOff: amounts.optional(),
    }),
  ),
  payments: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(paymentKinds),
      valueDay: z.string(),
      amountMinor: z.int(),
      reverses: z.string().nullable(),
    }),
  ),
  pauses: z.array(z.object({ from: z.string(), until: z.string().nullable(), reason: z.string() })),
  settlements: z.array(z.object({ from: z.string(), until: z.string(), amountMinor: z.int() })),
  waivers: z.array(
    z.object({
      id: z.string(),
      day: z.string(),
      payBy: z.string().nullable(),
      amounts,
    }),
  ),
  writtenOffOn: z.string().nullable(),
  sold: z.boolean(),
  soldOn: z.string().nullable(),
});

// One round trip and one snapshot: a payment that is posted meanwhile is seen wholly or not at all.
const selectFacts = `
  select l.loan_id as "loanId", l.customer_id as "customerId", l.risk_tier as "riskTier", l.branch, l.product, l.currency,
    (select coalesce(json_agg(json_strip_nulls(json_build_object('no', s.schedule_no, 'effectiveFrom', s.effective_from,
        'correction', case when s.dispute_id is not null then true end, 'chargesOff', s.charges_off, 'instalments',
        (select coalesce(json_agg(${instalmentAsJson} order by i.instalment_no), '[]') from instalment i
         where i.loan_id = s.loan_id and i.schedule_no = s.schedule_no))) order by s.schedule_no), '[]')
     from schedule s where s.loan_id = l.loan_id) as schedules,
    (select coalesce(json_agg(json_build_object('id', p.payment_id, 'kind', p.kind, 'valueDay', p.value_on,
        'amountMinor', p.amount_minor, 'reverses', p.reverses) order by p.value_on, p.payment_id), '[]')
     from payment p where p.loan_id = l.loan_id) as payments,
    (select coalesce(json_agg(json_build_object('from', from_day, 'until', until_day, 'reason', reason)
        order by from_day, until_day, reason), '[]')
     from effective_pause e where e.loan_id = l.loan_id) as pauses,
    (select coalesce(json_agg(json_build_object('from', a.effective_from, 'until', a.terms->'until',
        'amountMinor', a.terms->'amountMinor') order by a.effective_from, a.arrangement_id), '[]')
     from arrangement a where a.loan_id = l.loan_id and a.kind = 'settlement' and a.effective_from is not null
       and a.cancelled_on is null) as settlements,
    (select coalesce(json_agg(json_build_object('id', w.waiver_id, 'day', w.on_day, 'payBy', w.pay_by, 'amounts',
        json_build_object('penalty', w.penalty_minor, 'fee', w.fee_minor, 'interest', w.interest_minor, 'principal', 0))
        order by w.on_day, w.waiver_id), '[]')
     from granted_waiver w where w.loan_id = l.loan_id) as waivers,
    (select w.on_day from written_off_loan w where w.loan_id = l.loan_id) as "writtenOffOn",
    exists (select from sold_loan s where s.loan_id = l.loan_id) as sold,
    (select min(e.sale_day) from sold_loan s join sale e using (sale_id) where s.loan_id = l.loan_id) as "soldOn"
  from loan l`;

/** Everything needed to say how the loan stands, or null where there is no such loan. */
export async function loadLoanFacts(db: Queryable, loanId: string): Promise<StoredLoanFacts | null> {
  // Named: planned once per connection, because every step of every case runs it.
  const result = await db.query<Record<string, unknown>>({
    name: 'loan-facts',
    text: `${selectFacts} where l.loan_id = $1`,
    values: [loanId],
  });
  return result.rows[0] === undefined ? null : factsRow.parse(result.rows[0]);
}

/** The same of every loan of the borrower, by loan id. */
export async function loadLoanFactsOfCustomer(db: Queryable, customerId: string): Promise<StoredLoanFacts[]> {
  const result = await db.query<Record<string, unknown>>({
    name: 'loan-facts-of-customer',
    text: `${selectFacts} where l.customer_id = $1 order by l.loan_id`,
    values: [customerId],
  });
  return result.rows.map((row) => factsRow.parse(row));
}

/** The same of many loans, by loan id; those that do not exist are left out. */
export async function loadLoanFactsOf(db: Queryable, loanIds: readonly string[]): Promise<StoredLoanFacts[]> {
  const result = await db.query<Record<string, unknown>>({
    name: 'loan-facts-of-many',
    text: `${selectFacts} where l.loan_id = any($1) order by l.loan_id`,
    values: [loanIds],
  });
  return result.rows.map((row) => factsRow.parse(row));
}
