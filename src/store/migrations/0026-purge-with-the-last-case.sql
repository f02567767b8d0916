-- What several loans rest upon goes with the last of their cases, the purge leaves no cause, and what it says of itself are counts:
-- a hash of a row whose other columns stay could be tried out, number by number.

-- The case of a loan to which an instant belongs: the last one that had begun, or the first.
create function case_at(loan text, at timestamptz) returns int language sql stable as $$
  select coalesce(max(c.case_no) filter (where c.opened_at <= case_at.at), min(c.case_no)) from loan_case c
  where c.loan_id = case_at.loan
$$;

-- Whether a record of one case, about these loans, has to stay: for that case, for a case of another of the loans, or for a hold.
create function is_kept(person text, loan text, no int, named text[]) returns boolean language sql stable as $$
  select exists (select from loan_case c where c.purged_at is null
      and ((c.loan_id = is_kept.loan and c.case_no = no) or (c.loan_id <> is_kept.loan and c.loan_id = any(named))))
    or exists (select from legal_hold h where h.customer_id = person and h.cleared_at is null
      and (h.loan_id is null or h.loan_id = is_kept.loan or h.loan_id = any(named)))
$$;

-- Rows by table, without those tables of which nothing was removed.
create function counted(removed jsonb, name text, n bigint) returns jsonb language sql immutable as $$
  select case when n = 0 then removed else removed || jsonb_build_object(name, jsonb_build_object('rows', n)) end
$$;

-- The release before reads a hash where there is none any more; to be left out by the next.
create function as_before(removed jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, value || '{"sha256": ""}'), '{}') from jsonb_each(removed)
$$;

-- Empties the borrower's contacts, and decisions against contacts, that no case and no hold keeps.
create function purge_contacts(person text, purged_at timestamptz) returns jsonb language plpgsql as $$
declare
  gone    uuid[];
  n       bigint;
  removed jsonb := '{}';
begin
  with emptied as (
    update contact t set contact_point = null, subject = null, body = null, content_hash = null, seal = null,
      outcome = case when outcome ~ '^[a-z0-9-]{1,32}$' then outcome end,
      verdict = jsonb_strip_nulls(jsonb_build_object('rules', verdict->'rules', 'packs', verdict->'packs'))
    where t.customer_id = person and t.seal is not null and not is_kept(person, t.loan_id, t.case_no, t.loan_ids)
    returning t.contact_id)
  select coalesce(array_agg(contact_id), '{}') into gone from emptied;
  removed := counted(removed, 'contact', cardinality(gone));
  update contact_decision d set reason = '', seal = null,
    evidence = jsonb_strip_nulls(jsonb_build_object('packs', evidence->'packs'))
  where d.customer_id = person and d.seal is not null
    and not is_kept(person, d.loan_id, case_at(d.loan_id, d.at),
      array(select named #>> '{}' from jsonb_path_query(d.evidence, '$.situation.loanIds[*]') named))
    and not exists (select from contact t where t.contact_key = d.contact_key and t.seal is not null);
  get diagnostics n = row_count;
  removed := counted(removed, 'contact_decision', n);
  update reported_contact set note = null, breach = null, content_hash = '' where contact_id = any(gone);
  get diagnostics n = row_count;
  removed := counted(removed, 'reported_contact', n);
  update call set collector_phone = '' where contact_id = any(gone);
  get diagnostics n = row_count;
  removed := counted(removed, 'call', n);
  update recording_access a set reason = '' from recording r
  where r.recording_id = a.recording_id and r.contact_id = any(gone);
  get diagnostics n = row_count;
  removed := counted(removed, 'recording_access', n);
  -- The provider's id stays until the sound is deleted there, which is due now.
  update recording r set url = '', retain_until = least(r.retain_until, purge_contacts.purged_at)
  where r.contact_id = any(gone);
  get diagnostics n = row_count;
  return counted(removed, 'recording', n);
end $$;

create or replace function purge_case(loan text, no int, until_day date, because text[], purged_at timestamptz, by text)
  returns jsonb language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  c       loan_case;
  n       bigint;
  removed jsonb;
begin
  select * into c from loan_case t where t.loan_id = loan and t.case_no = no for update;
  if c.status is distinct from 'closed' or until_day > (purged_at at time zone 'UTC')::date + 1
    or (c.closed_at at time zone 'UTC')::date > until_day then
    raise exception 'this case is not to be purged' using errcode = 'restrict_violation';
  end if;
  if exists (select from legal_hold h where h.customer_id = c.customer_id and h.cleared_at is null
    and (h.loan_id is null or h.loan_id = loan)) then
    raise exception 'a legal hold is in force' using errcode = 'restrict_violation';
  end if;
  if c.purged_at is not null then
    return null;
  end if;
  -- From here on this case keeps nothing: what is still kept is kept by others.
  update loan_case set purged_at = purge_case.purged_at where loan_id = loan and case_no = no;
  perform set_config('arrears.purging', 'on', true);
  removed := purge_contacts(c.customer_id, purge_case.purged_at);
  update case_event set reason = '', data = '{}', seal = null where loan_id = loan and case_no = no and seal is not null;
  get diagnostics n = row_count;
  removed := counted(removed, 'case_event', n);
  -- One that still runs is unique by its code.
  update cause set code = cause_id::text, seal = null where loan_id = loan and case_no = no and seal is not null;
  get diagnostics n = row_count;
  removed := counted(removed, 'cause', n);
  update arrangement set reason = 'other', seal = null where loan_id = loan and case_no = no and seal is not null;
  get diagnostics n = row_count;
  removed := counted(removed, 'arrangement', n);
  update task set note = null, cause = null, willingness = null, promised_on = null, promised_minor = null
  where loan_id = loan and case_no = no;
  get diagnostics n = row_count;
  removed := counted(removed, 'task', n);
  update legal_handoff set reason = null where loan_id = loan and case_no = no;
  get diagnostics n = row_count;
  removed := counted(removed, 'legal_handoff', n);
  perform set_config('arrears.purging', 'off', true);
  insert into purge (customer_id, loan_id, case_no, at, keep_until, rules, actor, removed)
  values (c.customer_id, loan, no, purge_case.purged_at, until_day, because, by, removed);
  return as_before(removed);
end $$;

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

-- What earlier purges left of cases whose time was over.
update task t set cause = null, willingness = null, promised_on = null, promised_minor = null from loan_case c
where (c.loan_id, c.case_no) = (t.loan_id, t.case_no) and c.purged_at is not null
  and num_nonnulls(t.cause, t.willingness, t.promised_on, t.promised_minor) > 0;
do $$
begin
  perform set_config('arrears.purging', 'on', true);
  update reported_contact r set content_hash = '' from contact t
  where t.contact_id = r.contact_id and t.seal is null;
  perform set_config('arrears.purging', 'off', true);
end $$;

-- What people wrote of whom nobody ever knew who they are; answers how many messages are gone.
create function purge_unknown_senders(before timestamptz) returns int language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  n int;
begin
  delete from inbound_message m where m.at < before
    and not exists (select from inbound_message_customer l where l.inbound_id = m.inbound_id);
  get diagnostics n = row_count;
  return n;
end $$;
create index inbound_message_by_time on inbound_message (at);

revoke execute on function purge_unknown_senders(timestamptz) from public;
grant execute on function purge_unknown_senders(timestamptz) to arrears_app;
revoke execute on function purge_contacts(text, timestamptz), is_kept(text, text, int, text[]), case_at(text, timestamptz),
  counted(jsonb, text, bigint), as_before(jsonb) from public;
