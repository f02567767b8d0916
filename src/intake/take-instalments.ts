import { execute } from '../store/rows';
import { batchTable, batchValues } from './batch';
import { diagnosisSql, otherContent } from './diagnosis';
import type { Taker } from './taker';

const laterSchedule = 'exists (select from schedule s where s.loan_id = l.loan_id and s.schedule_no > 1)';

// A loan's first instalment brings its contract, which holds from the day on which the money was paid out.
const insertSchedules = `
  insert into schedule (loan_id, schedule_no, effective_from)
  select l.loan_id, 1, l.disbursed_on
  from (select distinct b.loan_id from ${batchTable('instalments')}) named
  join loan l using (loan_id)
  where not exists (select from schedule s where s.loan_id = l.loan_id)
  order by l.loan_id
  on conflict do nothing`;

const insertInstalments = `
  insert into instalment
    (loan_id, schedule_no, instalment_no, due_on, principal_minor, interest_minor, fee_minor, penalty_minor)
  select b.loan_id, 1, b.instalment_no, b.due_on, b.principal_minor, b.interest_minor, b.fee_minor, b.penalty_minor
  from ${batchTable('instalments')} join loan l using (loan_id)
  where not ${laterSchedule} order by b.ord
  on conflict do nothing`;

const rules = [
  { when: 'l.loan_id is null', field: 'loan_id', reason: 'no loan has this id' },
  {
    when: `i.loan_id is null and ${laterSchedule}`,
    field: 'loan_id',
    reason: 'the loan was restructured: its first schedule takes no more instalments',
  },
  ...otherContent('i', ['due_on', 'principal_minor', 'interest_minor', 'fee_minor', 'penalty_minor']),
];

export const instalmentsTaker: Taker = {
  async insert(db, batch) {
    const values = batchValues(batch);
    await execute(db, insertSchedules, values);
    return execute(db, insertInstalments, values);
  },
  diagnosis: diagnosisSql(
    'instalments',
    `left join loan l using (loan_id) left join instalment i
       on i.loan_id = b.loan_id and i.schedule_no = 1 and i.instalment_no = b.instalment_no`,
    rules,
  ),
  rules,
};
