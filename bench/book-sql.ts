/** The cheapest aggregate that says of each loan whether it is overdue, and by how much; no order, no class, no history. */
export const cheapestByLoan = `
  select count(*), count(*) filter (where due > coalesce(paid, 0)), sum(greatest(due - coalesce(paid, 0), 0))
  from (select loan_id, sum(principal_minor + interest_minor + fee_minor + penalty_minor) as due
      from instalment where due_on < $1 group by loan_id) i
    left join (select loan_id, sum(amount_minor) as paid
      from payment where value_on <= $1 and kind = 'payment' group by loan_id) p using (loan_id)`;

/** What reading the same rows costs: two sums over all loans, which say nothing of any of them. */
export const cheapestSums = [
  `select sum(principal_minor + interest_minor + fee_minor + penalty_minor) from instalment where due_on < $1`,
  `select sum(amount_minor) from payment where value_on <= $1 and kind = 'payment'`,
];

/**
 * A book of `loans` loans with twelve instalments each on average, of 730 days of lending. Four in five pay to the day,
 * others late, a few stop; one payment in two hundred bounces, one loan in two hundred has another schedule. Payments lie in
 * the order in which they came, as a bank has them. Keys and triggers are left out while it is made.
 */
export function fillBook(loans: number): string[] {
  return [
    `set session_replication_role = replica`,
    `set synchronous_commit = off`,
    `drop index instalment_by_due, payment_by_loan, payment_by_recording`,
    `insert into customer (customer_id, name, language, timezone)
      select 'C-' || n, 'Robin Example', 'en', 'Asia/Shanghai' from generate_series(0, ${Math.ceil(loans * 0.8)} - 1) n`,
    `create unlogged table made as
      select n, 'L-' || lpad(n::text, 7, '0') as loan_id, date '2024-07-01' + (n * 730::bigint / ${loans})::int as lent_on,
        6 + (hashint4(n) & 1023) % 13 as terms, (hashint4(n + 1000000) & 1048575) % 100 as habit,
        100000 + (hashint4(n + 2000000) & 65535) as each
      from generate_series(0, ${loans} - 1) n`,
    `insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
      select loan_id, 'C-' || n % ${Math.ceil(loans * 0.8)}, case when n % 3 = 0 then 'card' else 'personal' end, 'CNY',
        each * terms, lent_on, 'low', 'north' from made`,
    `insert into schedule (loan_id, schedule_no, effective_from)
      select loan_id, 1, lent_on from made union all
      select loan_id, 2, lent_on + 200 from made where n % 200 = 7`,
    `insert into instalment (loan_id, schedule_no, instalment_no, due_on, principal_minor, interest_minor)
      select loan_id, s, k, (lent_on + make_interval(months => k))::date, each, (terms - k + 1) * each / 200
      from made, generate_series(1, case when n % 200 = 7 then 2 else 1 end) s, generate_series(1, terms) k`,
    `insert into payment (payment_id, loan_id, kind, amount_minor, currency, value_on)
      select 'P-' || loan_id || '-' || k, loan_id, 'payment', amount, 'CNY', paid_on
      from (
        select loan_id, k, each + (terms - k + 1) * each / 200 as amount,
          (lent_on + make_interval(months => k))::date + case when habit < 80 then -(habit % 3)
            when habit < 93 then (hashint4(k + n) & 1023) % 25 when habit < 96 then (hashint4(k + n) & 1023) % 80
            else 0 end as paid_on
        from made, generate_series(1, terms) k
        where habit < 96 or k <= (hashint4(n + 5000000) & 1023) % terms) paid
      where paid_on <= date '2026-06-30' order by paid_on`,
    `insert into payment (payment_id, loan_id, kind, amount_minor, currency, value_on, reverses)
      select 'B-' || payment_id, loan_id, 'bounce', amount_minor, currency, value_on, payment_id
      from payment where right(loan_id, 2) = '11' and payment_id like '%-2'`,
    `drop table made`,
    `create index payment_by_loan on payment (loan_id, value_on) include (kind, amount_minor)`,
    ...['loan', 'schedule', 'instalment', 'payment'].map((table) => `vacuum analyze ${table}`),
  ];
}
