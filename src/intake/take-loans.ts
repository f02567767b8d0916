import { execute } from '../store/rows';
import { batchTable, batchValues } from './batch';
import { diagnosisSql, otherContent } from './diagnosis';
import type { Taker } from './taker';

const insertLoans = `
  insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
  select b.loan_id, b.customer_id, b.product, b.currency, b.principal_minor, b.disbursed_on, b.risk_tier, b.branch
  from ${batchTable('loans')} join customer c using (customer_id) order by b.ord
  on conflict do nothing`;

const rules = [
  { when: 'c.customer_id is null', field: 'customer_id', reason: 'no customer has this id' },
  ...otherContent('l', [
    'customer_id',
    'product',
    'currency',
    'principal_minor',
    'disbursed_on',
    'risk_tier',
    'branch',
  ]),
];

export const loansTaker: Taker = {
  insert: (db, batch) => execute(db, insertLoans, batchValues(batch)),
  diagnosis: diagnosisSql(
    'loans',
    'left join customer c using (customer_id) left join loan l on l.loan_id = b.loan_id',
    rules,
  ),
  rules,
};
