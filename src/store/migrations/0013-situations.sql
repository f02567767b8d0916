-- A flag may stop more than contacts: the days of the bank that it covers, and who looks after the borrower.

alter table contact_flag
  -- Null: the flag acts on contacts alone, by the packs; so do flags that were set before there were days.
  add column from_day date,
  -- The first day that is free again; null while nobody knows.
  add column until_day date check (until_day is null or from_day is not null),
  add column handler text;

create or replace view effective_pause as
select pause_id, loan_id, from_day, least(until_day, resumed_on) as until_day, reason from pause
where coalesce(least(until_day, resumed_on) > from_day, true)
union all
select 'flag/' || f.flag_id, l.loan_id, f.from_day, f.until_day, 'flag/' || f.flag
from contact_flag f join loan l on l.customer_id = f.customer_id and (f.loan_id is null or f.loan_id = l.loan_id)
where f.from_day is not null and f.party_id is null and coalesce(f.until_day > f.from_day, true);
