import type { Queryable } from '../store/database';
import { takeEarlierWords } from '../store/earlier-words';
import { execute } from '../store/rows';
import type { Batch } from './batch';
import { batchTable, batchValues } from './batch';
import { diagnosisSql, otherContent } from './diagnosis';
import { columnsOf } from './import-kinds';
import type { Taker } from './taker';

// Of rows with the same new id the first in the file counts, and only its contact points are stored.
const insertCustomers = `
  with taken as (
    insert into customer (customer_id, name, language, timezone)
    select b.customer_id, b.name, b.language, b.timezone from ${batchTable('customers')} order by b.ord
    on conflict do nothing
    returning customer_id
  ), first_row as (
    select distinct on (b.customer_id) b.customer_id, b.phone, b.email
    from ${batchTable('customers')} join taken using (customer_id) order by b.customer_id, b.ord
  ), points as (
    insert into contact_point (customer_id, kind, value, rank)
    select customer_id, 'phone', phone, 1 from first_row where phone is not null
    union all
    select customer_id, 'email', email, 1 from first_row where email is not null
  )
  select from taken`;

const rules = [
  ...otherContent('c', ['name', 'language', 'timezone']),
  ...['phone', 'email'].map((field) => ({
    when: `b.${field} is not null and not exists (select from contact_point p where p.customer_id = b.customer_id and p.kind = '${field}' and p.value = b.${field})`,
    field,
    reason: `already known with another ${field}`,
  })),
];

export const customersTaker: Taker = {
  async insert(db: Queryable, batch: Batch): Promise<number> {
    const taken = await execute(db, insertCustomers, batchValues(batch));
    const at = columnsOf.customers.findIndex(({ name }) => name === 'customer_id');
    await takeEarlierWords(
      db,
      (batch.columns[at] ?? []).flatMap((id) => (id === null ? [] : [id])),
    );
    return taken;
  },
  diagnosis: diagnosisSql('customers', 'join customer c using (customer_id)', rules),
  rules,
};
