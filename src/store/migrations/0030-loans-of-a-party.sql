-- Which of the borrower's loans a co-borrower owes, or a guarantor answers for. It is said of the person, so that two numbers of
-- theirs cannot disagree; of whom nobody said it, none is theirs.

create table party_loan (
  customer_id text not null references customer,
  party_id    text not null,
  -- Borrowers are put before their loans: it may be one that is yet to come.
  loan_id     text not null,
  recorded_at timestamptz not null default now(),
  primary key (customer_id, party_id, loan_id)
);

-- As before, and what people beside the borrower owe goes too.
create or replace function purge_customer(customer text, until_day date, because text[], purged_at timestamptz, by text)
  returns jsonb language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  known   customer;
  n       bigint;
  removed jsonb;
begin
  select * into known from customer t where t.customer_id = purge_customer.customer for no key update;
  if known.customer_id is null or until_day > (purged_at at time zone 'UTC')::date + 1
    or exists (select from loan_case t where t.customer_id = known.customer_id and t.purged_at is null) then
    raise exception 'this customer is not to be purged' using errcode = 'restrict_violation';
  end if;
  if exists (select from legal_hold h where h.customer_id = known.customer_id and h.cleared_at is null) then
    raise exception 'a legal hold is in force' using errcode = 'restrict_violation';
  end if;
  if known.purged_at is not null then
    return null;
  end if;
  perform set_config('arrears.purging', 'on', true);
  -- Those that a hold kept beyond the last case.
  removed := purge_contacts(known.customer_id, purge_customer.purged_at);
  delete from contact_point where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'contact_point', n);
  delete from party_loan where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'party_loan', n);
  update consent set source = '', seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'consent', n);
  update contact_grant set evidence = '', contact_point = null, seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'contact_grant', n);
  update contact_flag set evidence = '', seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'contact_flag', n);
  update inconvenient_time set evidence = '', seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'inconvenient_time', n);
  update contact_milestone set evidence = '', seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'contact_milestone', n);
  update legal_hold set reason = '', clear_reason = null, seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'legal_hold', n);
  update inbound_message set sender = '', body = '' where is_only_from(inbound_id, known.customer_id);
  get diagnostics n = row_count;
  removed := counted(removed, 'inbound_message', n);
  -- Reasons are codes now; earlier releases took any text.
  update pause p set reason = 'other' from loan l
  where l.loan_id = p.loan_id and l.customer_id = known.customer_id and p.reason not in
    ('hardship', 'disaster', 'dispute', 'bereavement', 'moratorium', 'technical', 'other');
  get diagnostics n = row_count;
  removed := counted(removed, 'pause', n);
  update receipt set reason = '' where reason is not null and is_receipt_of(receipt_id, known.customer_id);
  get diagnostics n = row_count;
  removed := counted(removed, 'receipt', n);
  update data_request set note = null, seal = null where customer_id = known.customer_id;
  get diagnostics n = row_count;
  removed := counted(removed, 'data_request', n);
  perform set_config('arrears.purging', 'off', true);
  update customer set name = '', preferences = '{}', told_timezones = '{}', purged_at = purge_customer.purged_at
  where customer_id = known.customer_id;
  removed := counted(removed, 'customer', 1);
  insert into purge (customer_id, at, keep_until, rules, actor, removed)
  values (known.customer_id, purge_customer.purged_at, until_day, because, by, removed);
  return as_before(removed);
end $$;
