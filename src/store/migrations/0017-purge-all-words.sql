-- The purge reaches what it left: links to recordings, collectors' numbers, causes, the words of people in later tables, and what
-- was decided after a case was closed.

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('case_event', 'contact_decision', 'reported_contact', 'recording_access', 'receipt')
    and current_setting('arrears.purging', true) = 'on' then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace function attest() returns trigger language plpgsql security definer
  set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  source  ledger_source;
  whole   jsonb := to_jsonb(new);
  before  jsonb;
  changed jsonb;
begin
  select * into source from ledger_source s where s.table_name = tg_table_name;
  if tg_op = 'INSERT' then
    perform attest_row(source, 'insert', whole, whole);
    return null;
  end if;
  -- With its seal goes the proof of every sealed column of the row: what stays is attested as it is now.
  if current_setting('arrears.purging', true) = 'on' and whole->'seal' = 'null' then
    perform attest_row(source, 'purge', whole, whole - 'seal');
    return null;
  end if;
  before := to_jsonb(old);
  select jsonb_object_agg(key, value) into changed from jsonb_each(whole - 'seal')
  where value is distinct from before->key;
  if changed is null then
    return null;
  end if;
  perform attest_row(source, case current_setting('arrears.purging', true) when 'on' then 'purge' else 'update' end,
    whole, changed);
  return null;
end $$;

-- What was heard stays as it was heard; that it is over is added, once. A purge alone takes it away.
create or replace function refuse_other_cause() returns trigger language plpgsql as $$
begin
  if current_setting('arrears.purging', true) = 'on' then
    return new;
  end if;
  if old.ended_day is not null
    or (old.cause_id, old.loan_id, old.case_no, old.code, old.from_day, old.heard_at, old.source, old.actor, old.seal)
      is distinct from
      (new.cause_id, new.loan_id, new.case_no, new.code, new.from_day, new.heard_at, new.source, new.actor, new.seal)
    or old.source_id is distinct from new.source_id then
    raise exception 'a cause stays as it was heard, and ends once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create or replace function refuse_other_agreement() returns trigger language plpgsql as $$
begin
  if current_setting('arrears.purging', true) = 'on' then
    return new;
  end if;
  if (old.arrangement_id, old.loan_id, old.case_no, old.kind, old.terms, old.reason, old.actor, old.proposed_on,
      old.approval_role)
      is distinct from
      (new.arrangement_id, new.loan_id, new.case_no, new.kind, new.terms, new.reason, new.actor, new.proposed_on,
      new.approval_role)
    or (old.effective_from is not null
      and (old.effective_from, old.waived, old.added) is distinct from (new.effective_from, new.waived, new.added))
    or (old.rejected_on is not null and old.rejected_on is distinct from new.rejected_on)
    or (old.cancelled_on is not null
      and (old.cancelled_on, old.cancelled_by) is distinct from (new.cancelled_on, new.cancelled_by)) then
    raise exception 'what was agreed on does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create or replace function purge_case(loan text, no int, until_day date, because text[], purged_at timestamptz, by text)
  returns jsonb language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  c         loan_case;
  removed   jsonb;
  -- What was decided of the loan until its next case began belongs to this one.
  next_case timestamptz;
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
  select coalesce(min(n.opened_at), 'infinity') into next_case from loan_case n where n.loan_id = loan and n.case_no > no;
  with held as (
    select 'contact' as name, t.contact_id::text as id, to_jsonb(t)::text as row from contact t
      where t.loan_id = loan and t.case_no = no
    union all select 'case_event', t.event_id::text, to_jsonb(t)::text from case_event t
      where t.loan_id = loan and t.case_no = no
    union all select 'contact_decision', t.decision_id::text, to_jsonb(t)::text from contact_decision t
      where t.loan_id = loan and t.at < next_case and t.seal is not null
    union all select 'reported_contact', r.contact_id::text, to_jsonb(r)::text from reported_contact r
      join contact t using (contact_id) where t.loan_id = loan and t.case_no = no
    union all select 'task', t.task_id::text, to_jsonb(t)::text from task t where t.loan_id = loan and t.case_no = no
    union all select 'call', t.contact_id::text, to_jsonb(k)::text from call k join contact t using (contact_id)
      where t.loan_id = loan and t.case_no = no
    union all select 'recording', r.recording_id::text, to_jsonb(r)::text from recording r join contact t using (contact_id)
      where t.loan_id = loan and t.case_no = no
    union all select 'recording_access', a.access_id::text, to_jsonb(a)::text from recording_access a
      join recording using (recording_id) join contact t using (contact_id) where t.loan_id = loan and t.case_no = no
    union all select 'cause', t.cause_id::text, to_jsonb(t)::text from cause t where t.loan_id = loan and t.case_no = no
    union all select 'arrangement', t.arrangement_id, to_jsonb(t)::text from arrangement t
      where t.loan_id = loan and t.case_no = no
    union all select 'legal_handoff', t.handoff_id::text, to_jsonb(t)::text from legal_handoff t
      where t.loan_id = loan and t.case_no = no)
  select coalesce(jsonb_object_agg(name, jsonb_build_object('rows', n, 'sha256', sum)), '{}') into removed from (
    select name, count(*) as n, encode(sha256(convert_to(string_agg(row, E'\n' order by id), 'UTF8')), 'hex') as sum
    from held group by name) x;
  perform set_config('arrears.purging', 'on', true);
  update contact set contact_point = null, subject = null, body = null, content_hash = null, seal = null,
    outcome = case when outcome ~ '^[a-z0-9-]{1,32}$' then outcome end,
    verdict = jsonb_strip_nulls(jsonb_build_object('rules', verdict->'rules', 'packs', verdict->'packs'))
  where loan_id = loan and case_no = no and seal is not null;
  update case_event set reason = '', data = '{}', seal = null where loan_id = loan and case_no = no and seal is not null;
  update contact_decision set reason = '', seal = null,
    evidence = jsonb_strip_nulls(jsonb_build_object('packs', evidence->'packs'))
  where loan_id = loan and at < next_case and seal is not null;
  update reported_contact r set note = null, breach = null from contact t
  where t.contact_id = r.contact_id and t.loan_id = loan and t.case_no = no;
  update call k set collector_phone = '' from contact t
  where t.contact_id = k.contact_id and t.loan_id = loan and t.case_no = no;
  -- The provider's id stays until the sound is deleted there, which is due now.
  update recording r set url = '', retain_until = least(r.retain_until, purge_case.purged_at) from contact t
  where t.contact_id = r.contact_id and t.loan_id = loan and t.case_no = no;
  update recording_access a set reason = '' from recording r join contact t using (contact_id)
  where a.recording_id = r.recording_id and t.loan_id = loan and t.case_no = no;
  -- One that still runs is unique by its code.
  update cause set code = cause_id::text, seal = null where loan_id = loan and case_no = no and seal is not null;
  update arrangement set reason = 'other', seal = null where loan_id = loan and case_no = no and seal is not null;
  update task set note = null where loan_id = loan and case_no = no and note is not null;
  update legal_handoff set reason = null where loan_id = loan and case_no = no;
  perform set_config('arrears.purging', 'off', true);
  update loan_case set purged_at = purge_case.purged_at where loan_id = loan and case_no = no;
  insert into purge (customer_id, loan_id, case_no, at, keep_until, rules, actor, removed)
  values (c.customer_id, loan, no, purge_case.purged_at, until_day, because, by, removed);
  return removed;
end $$;

-- A sum may be for loans of several people: its words stay as long as any of them is known.
create function is_receipt_of(receipt text, person text) returns boolean language sql stable as $$
  select exists (select from payment p join loan l using (loan_id) where p.receipt_id = receipt and l.customer_id = person)
    and not exists (select from payment p join loan l using (loan_id) join customer c using (customer_id)
      where p.receipt_id = receipt and l.customer_id <> person and c.purged_at is null)
$$;

create or replace function purge_customer(customer text, until_day date, because text[], purged_at timestamptz, by text)
  returns jsonb language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  known   customer;
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
  with held as (
    select 'customer' as name, '' as id, to_jsonb(known)::text as row
    union all select 'contact_point', kind || value, to_jsonb(t)::text from contact_point t
      where t.customer_id = known.customer_id
    union all select 'consent', consent_id::text, to_jsonb(t)::text from consent t where t.customer_id = known.customer_id
    union all select 'contact_grant', grant_id::text, to_jsonb(t)::text from contact_grant t
      where t.customer_id = known.customer_id
    union all select 'contact_flag', flag_id::text, to_jsonb(t)::text from contact_flag t
      where t.customer_id = known.customer_id
    union all select 'inconvenient_time', inconvenient_id::text, to_jsonb(t)::text from inconvenient_time t
      where t.customer_id = known.customer_id
    union all select 'contact_milestone', milestone_id::text, to_jsonb(t)::text from contact_milestone t
      where t.customer_id = known.customer_id
    union all select 'legal_hold', hold_id::text, to_jsonb(t)::text from legal_hold t where t.customer_id = known.customer_id
    union all select 'data_request', request_id::text, to_jsonb(t)::text from data_request t
      where t.customer_id = known.customer_id
    union all select 'pause', pause_id, to_jsonb(t)::text from pause t join loan l using (loan_id)
      where l.customer_id = known.customer_id
    union all select 'receipt', receipt_id, to_jsonb(t)::text from receipt t
      where is_receipt_of(t.receipt_id, known.customer_id)
    union all select 'inbound_message', inbound_id::text, to_jsonb(t)::text from inbound_message t
      where is_only_from(t.inbound_id, known.customer_id))
  select jsonb_object_agg(name, jsonb_build_object('rows', n, 'sha256', sum)) into removed from (
    select name, count(*) as n, encode(sha256(convert_to(string_agg(row, E'\n' order by id), 'UTF8')), 'hex') as sum
    from held group by name) x;
  perform set_config('arrears.purging', 'on', true);
  delete from contact_point where customer_id = known.customer_id;
  update consent set source = '', seal = null where customer_id = known.customer_id;
  update contact_grant set evidence = '', contact_point = null, seal = null where customer_id = known.customer_id;
  update contact_flag set evidence = '', seal = null where customer_id = known.customer_id;
  update inconvenient_time set evidence = '', seal = null where customer_id = known.customer_id;
  update contact_milestone set evidence = '', seal = null where customer_id = known.customer_id;
  update legal_hold set reason = '', clear_reason = null, seal = null where customer_id = known.customer_id;
  update inbound_message set sender = '', body = '' where is_only_from(inbound_id, known.customer_id);
  -- Reasons are codes now; earlier releases took any text.
  update pause p set reason = 'other' from loan l
  where l.loan_id = p.loan_id and l.customer_id = known.customer_id and p.reason not in
    ('hardship', 'disaster', 'dispute', 'bereavement', 'moratorium', 'technical', 'other');
  update receipt set reason = '' where reason is not null and is_receipt_of(receipt_id, known.customer_id);
  update data_request set note = null, seal = null where customer_id = known.customer_id;
  perform set_config('arrears.purging', 'off', true);
  update customer set name = '', preferences = '{}', told_timezones = '{}', purged_at = purge_customer.purged_at
  where customer_id = known.customer_id;
  insert into purge (customer_id, at, keep_until, rules, actor, removed)
  values (known.customer_id, purge_customer.purged_at, until_day, because, by, removed);
  return removed;
end $$;
