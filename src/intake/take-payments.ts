import { execute } from '../store/rows';
import { batchTable, batchValues } from './batch';
import { diagnosisSql, otherContent } from './diagnosis';
import type { Taker } from './taker';

const columns = 'payment_id, loan_id, kind, amount_minor, currency, value_on, reverses, booked_on';
const cells = 'b.payment_id, b.loan_id, b.kind, b.amount_minor, b.currency, b.value_on, b.reverses, b.booked_on';

const insertPayments = `
  insert into payment (${columns})
  select ${cells} from ${batchTable('payments')} join loan l using (loan_id)
  where b.kind = 'payment' and b.currency = l.currency order by b.ord
  on conflict do nothing`;

// After the payments, so that a file may bring a payment and its reversal together.
const insertReversals = `
  insert into payment (${columns})
  select ${cells} from ${batchTable('payments')} join loan l using (loan_id)
  join payment undone on undone.payment_id = b.reverses
  where b.kind <> 'payment' and b.currency = l.currency
    and undone.kind = 'payment' and undone.loan_id = b.loan_id and undone.amount_minor = b.amount_minor
  order by b.ord
  on conflict do nothing`;

const rules = [
  { when: 'l.loan_id is null', field: 'loan_id', reason: 'no loan has this id' },
  { when: 'b.currency <> l.currency', field: 'currency', reason: 'is not the currency of the loan' },
  ...otherContent('p', ['loan_id', 'kind', 'amount_minor', 'currency', 'value_on', 'reverses', 'booked_on']).map(
    (rule) => ({
      ...rule,
      when: `p.payment_id is not null and ${rule.when}`,
    }),
  ),
  {
    when: `b.reverses is not null and undone.payment_id is null`,
    field: 'reverses',
    reason: 'no payment has this id; a reversal comes after what it undoes',
  },
  { when: `undone.kind <> 'payment'`, field: 'reverses', reason: 'names what undoes a payment, not a payment' },
  { when: 'undone.loan_id <> b.loan_id', field: 'reverses', reason: 'names a payment of another loan' },
  {
    when: 'undone.amount_minor <> b.amount_minor',
    field: 'amount_minor',
    reason: 'is not the amount of the payment that it undoes',
  },
  { when: 'other.payment_id <> b.payment_id', field: 'reverses', reason: 'names a payment that was undone already' },
];

export const paymentsTaker: Taker = {
  async insert(db, batch) {
    const values = batchValues(batch);
    const taken = await execute(db, insertPayments, values);
    // Column 6 is `reverses`.
    if (!batch.columns[6]?.some((cell) => cell !== null)) return taken;
    return taken + (await execute(db, insertReversals, values));
  },
  diagnosis: diagnosisSql(
    'payments',
    `left join loan l using (loan_id)
     left join payment p on p.payment_id = b.payment_id
     left join payment undone on undone.payment_id = b.reverses
     left join payment other on other.reverses = b.reverses`,
    rules,
  ),
  rules,
};
