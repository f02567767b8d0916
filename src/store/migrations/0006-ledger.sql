-- The ledger: what happened in a case, chained by hashes, written by triggers in the transaction of the row that it attests.
-- The service works as the role arrears_app, which can neither change nor delete what is attested.

do $$
begin
  if not exists (select from pg_roles where rolname = 'arrears_app') then
    create role arrears_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'role arrears_app is missing, and % may not create it', current_user
      using errcode = '42501', hint = 'As an administrator: create role arrears_app nologin; grant arrears_app to the login.';
end $$;
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant arrears_app to %I', current_user);
  end if;
exception
  -- An administrator who made the role has also said who is in it.
  when insufficient_privilege then null;
end $$;

-- Who asked that nothing of a person is deleted, and why.
create table legal_hold (
  hold_id      uuid primary key,
  customer_id  text not null references customer,
  -- Null: all loans.
  loan_id      text references loan,
  reason       text not null,
  set_by       text not null,
  set_at       timestamptz not null,
  cleared_by   text,
  cleared_at   timestamptz check ((cleared_at is null) = (cleared_by is null)),
  clear_reason text,
  recorded_at  timestamptz not null default now()
);
create index legal_hold_by_customer on legal_hold (customer_id);

-- What a person asked for about their data, and until when it is answered.
create table data_request (
  request_id   uuid primary key,
  customer_id  text not null references customer,
  kind         text not null check (kind in ('access', 'erasure')),
  state        text not null default 'received' check (state in ('received', 'answered', 'refused')),
  received_at  timestamptz not null,
  due_on       date not null,
  -- The rule that gave the deadline.
  rule         text not null,
  decided_at   timestamptz check ((decided_at is null) = (state = 'received')),
  decided_by   text,
  ground       text check ((ground is not null) = (state = 'refused')),
  note         text,
  taken_by     text not null,
  recorded_at  timestamptz not null default now()
);
create index data_request_by_customer on data_request (customer_id);
create index data_request_open on data_request (due_on, request_id) where state = 'received';

-- What was removed when its time was over, under which rules.
create table purge (
  purge_id     bigint generated always as identity primary key,
  customer_id  text not null references customer,
  -- Null: what is known of the person.
  loan_id      text,
  case_no      int,
  at           timestamptz not null,
  keep_until   date not null,
  rules        text[] not null,
  actor        text not null,
  -- Rows by table, and SHA-256 over what they held.
  removed      jsonb not null,
  recorded_at  timestamptz not null default now()
);
create index purge_by_customer on purge (customer_id);
alter table loan_case add column purged_at timestamptz;
alter table customer add column purged_at timestamptz;
create index case_by_customer on loan_case (customer_id);
create index case_to_purge on loan_case (closed_at, loan_id, case_no) where status = 'closed' and purged_at is null;
create index inconvenient_time_of_customer on inconvenient_time (customer_id);
create index contact_decision_by_loan on contact_decision (loan_id, at);

-- A column that may hold personal data enters the ledger as a hash salted with the row's seal. Without the seal, which goes
-- with the data, nobody can find out from the hash what it was.
alter table contact add column seal uuid default gen_random_uuid();
alter table case_event add column seal uuid default gen_random_uuid();
alter table contact_decision add column seal uuid default gen_random_uuid();
alter table consent add column seal uuid default gen_random_uuid();
alter table contact_grant add column seal uuid default gen_random_uuid();
alter table contact_flag add column seal uuid default gen_random_uuid();
alter table inconvenient_time add column seal uuid default gen_random_uuid();
alter table contact_milestone add column seal uuid default gen_random_uuid();
alter table legal_hold add column seal uuid default gen_random_uuid();
alter table data_request add column seal uuid default gen_random_uuid();
alter table purge add column seal uuid default gen_random_uuid();

-- Which tables are attested, in whose chain, and which of their columns openly. A column that is not named is sealed.
create table ledger_source (
  table_name   text primary key,
  key_column   text not null,
  kind_column  text,
  chain        text not null check (chain in ('case', 'customer')),
  open_columns text[] not null
);
insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('contact', 'contact_id', 'state', 'case', '{contact_id,contact_key,customer_id,loan_id,case_no,loan_ids,channel,purpose,
    template,language,state,at,offers,made_by,recorded_at,direction,connection,party_id,party_role,agency,provider_id,
    handed_at,closes_at,retry_at}'),
  ('case_event', 'event_id', 'kind', 'case', '{event_id,loan_id,case_no,at,kind,actor,event_key,recorded_at}'),
  ('contact_decision', 'decision_id', 'kind', 'case',
    '{decision_id,contact_key,customer_id,loan_id,channel,purpose,kind,at,until_at,rules,recorded_at}'),
  ('consent', 'consent_id', 'state', 'customer', '{consent_id,customer_id,channel,state,at,recorded_at}'),
  ('contact_grant', 'grant_id', 'kind', 'customer', '{grant_id,customer_id,kind,channel,at,until_at,actor,recorded_at}'),
  ('contact_flag', 'flag_id', 'flag', 'customer',
    '{flag_id,customer_id,flag,loan_id,party_id,from_at,until_at,confirmed,actor,recorded_at}'),
  ('inconvenient_time', 'inconvenient_id', null, 'customer',
    '{inconvenient_id,customer_id,weekdays,start_time,end_time,channel,actor,withdrawn_at,recorded_at}'),
  ('contact_milestone', 'milestone_id', 'event', 'customer',
    '{milestone_id,customer_id,loan_id,event,at,actor,recorded_at}'),
  ('legal_hold', 'hold_id', null, 'customer',
    '{hold_id,customer_id,loan_id,set_by,set_at,cleared_by,cleared_at,recorded_at}'),
  ('data_request', 'request_id', 'state', 'customer', '{request_id,customer_id,kind,state,received_at,due_on,rule,decided_at,
    decided_by,ground,taken_by,recorded_at}'),
  ('purge', 'purge_id', null, 'customer',
    '{purge_id,customer_id,loan_id,case_no,at,keep_until,rules,actor,removed,recorded_at}');

-- One chain per case, and one per customer (loan '' and case 0) for what is known of the person.
create table ledger_entry (
  customer_id  text not null,
  loan_id      text not null,
  case_no      int not null,
  seq          int not null check (seq > 0),
  recorded_at  timestamptz not null,
  what         text not null,
  -- The exact text that is hashed.
  payload      text not null,
  prev_hash    text not null,
  -- SHA-256 of prev_hash, seq, recorded_at (UTC, microseconds), what and payload, a line each.
  hash         text not null,
  primary key (customer_id, loan_id, case_no, seq)
);
create index ledger_entry_by_time on ledger_entry using brin (recorded_at);

-- One anchor per bank day at most: a Merkle root over the heads of all chains that grew since the anchor before.
create table ledger_anchor (
  day          date primary key,
  made_at      timestamptz not null,
  chains       int not null,
  entries      bigint not null,
  root         text not null,
  prev_hash    text not null,
  hash         text not null unique
);
create table ledger_leaf (
  customer_id  text not null,
  loan_id      text not null,
  case_no      int not null,
  day          date not null,
  -- The anchor covers the entries after since_seq up to seq.
  since_seq    int not null,
  seq          int not null check (seq > since_seq),
  hash         text not null,
  primary key (customer_id, loan_id, case_no, day)
);
create unique index ledger_leaf_by_day on ledger_leaf (day, customer_id, loan_id, case_no);

create function sealed(salt uuid, columns jsonb, open text[]) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, case
    when value = 'null' or key = any (open) then value
    else jsonb_build_object('sealed', encode(sha256(convert_to(
      coalesce(salt::text, '') || E'\n' || key || E'\n' || value::text, 'UTF8')), 'hex')) end), '{}')
  from jsonb_each(columns)
$$;

create function attest_row(source ledger_source, op text, whole jsonb, changed jsonb) returns void language plpgsql as $$
declare
  customer text := whole->>'customer_id';
  loan     text := '';
  case_no_ int := 0;
  last     record;
  next_seq int;
  at       timestamptz;
  what     text := source.table_name || coalesce('/' || (whole->>source.kind_column), '');
  payload  text;
  prev     text;
begin
  if source.chain = 'case' then
    select c.customer_id, c.loan_id, c.case_no into customer, loan, case_no_ from loan_case c
    where c.loan_id = whole->>'loan_id' and c.case_no = coalesce((whole->>'case_no')::int, c.case_no)
    order by c.case_no desc limit 1;
    if customer is null then
      customer := whole->>'customer_id';
      loan := '';
      case_no_ := 0;
    end if;
  end if;
  -- Of those that write into one chain at once, each waits for the one before; the primary key is the last resort.
  perform pg_advisory_xact_lock(hashtextextended(customer || '/' || loan || '/' || case_no_, 4210003));
  select e.seq, e.hash into last from ledger_entry e
  where e.customer_id = customer and e.loan_id = loan and e.case_no = case_no_ order by e.seq desc limit 1;
  next_seq := coalesce(last.seq, 0) + 1;
  prev := coalesce(last.hash, repeat('0', 64));
  at := clock_timestamp();
  payload := jsonb_build_object('customer', customer, 'loan', loan, 'case', case_no_, 'table', source.table_name, 'op', op,
    'key', whole->source.key_column,
    'columns', sealed((whole->>'seal')::uuid, changed - 'seal', source.open_columns))::text;
  insert into ledger_entry (customer_id, loan_id, case_no, seq, recorded_at, what, payload, prev_hash, hash)
  values (customer, loan, case_no_, next_seq, at, what, payload, prev, encode(sha256(convert_to(concat_ws(E'\n', prev, next_seq,
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), what, payload), 'UTF8')), 'hex'));
end $$;

create function attest() returns trigger language plpgsql security definer
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

-- Changes and deletions are refused, but for the purge, which the ledger attests.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('case_event', 'contact_decision', 'reported_contact')
    and current_setting('arrears.purging', true) = 'on' then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- What was said to whom stays as it was said. Before it is handed over it is a plan: of a message that is sent later the
-- amount may be another, and a collector may dial another number.
create function refuse_other_words() returns trigger language plpgsql as $$
begin
  if (new.contact_id, new.contact_key, new.customer_id, new.loan_id, new.case_no, new.channel, new.made_by)
      is distinct from (old.contact_id, old.contact_key, old.customer_id, old.loan_id, old.case_no, old.channel, old.made_by)
    or current_setting('arrears.purging', true) is distinct from 'on'
      and not (old.state = 'released' or old.state = 'reserved' and old.handed_at is null)
      and (new.contact_point, new.subject, new.body, new.content_hash, new.seal)
        is distinct from (old.contact_point, old.subject, old.body, old.content_hash, old.seal) then
    raise exception 'what a contact said, and to whom, never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger contact_keeps_its_words before update on contact for each row execute function refuse_other_words();
create trigger contact_is_not_deleted before delete on contact for each row execute function refuse_change();
create trigger contact_is_kept before truncate on contact for each statement execute function refuse_change();
create trigger ledger_entry_is_append_only before update or delete on ledger_entry
  for each row execute function refuse_change();
create trigger ledger_entry_is_kept before truncate on ledger_entry for each statement execute function refuse_change();
create trigger ledger_anchor_is_append_only before update or delete on ledger_anchor
  for each row execute function refuse_change();
create trigger ledger_anchor_is_kept before truncate on ledger_anchor for each statement execute function refuse_change();
create trigger ledger_leaf_is_append_only before update or delete on ledger_leaf
  for each row execute function refuse_change();
create trigger ledger_leaf_is_kept before truncate on ledger_leaf for each statement execute function refuse_change();
create trigger purge_is_append_only before update or delete on purge for each row execute function refuse_change();
create trigger purge_is_kept before truncate on purge for each statement execute function refuse_change();

-- What was there before the ledger is attested as it is found now, in the order of recording.
do $$
declare
  source ledger_source;
  whole  jsonb;
begin
  perform set_config('timezone', 'UTC', true);
  for source in select * from ledger_source order by table_name loop
    for whole in execute format('select to_jsonb(t) from %I t order by recorded_at, %I', source.table_name, source.key_column)
    loop
      perform attest_row(source, 'found', whole, whole);
    end loop;
    execute format('create trigger %I after insert or update on %I for each row execute function attest()',
      source.table_name || '_is_attested', source.table_name);
  end loop;
end $$;

-- Removes the personal data and the texts of a closed case whose time is over. Everything else of it stays.
create function purge_case(loan text, no int, until_day date, because text[], purged_at timestamptz, by text)
  returns jsonb language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
  c       loan_case;
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
  with held as (
    select 'contact' as name, t.contact_id::text as id, to_jsonb(t)::text as row from contact t
      where t.loan_id = loan and t.case_no = no
    union all select 'case_event', t.event_id::text, to_jsonb(t)::text from case_event t
      where t.loan_id = loan and t.case_no = no
    union all select 'contact_decision', t.decision_id::text, to_jsonb(t)::text from contact_decision t
      where t.loan_id = loan and t.at <= c.closed_at and t.seal is not null
    union all select 'reported_contact', r.contact_id::text, to_jsonb(r)::text from reported_contact r
      join contact t using (contact_id) where t.loan_id = loan and t.case_no = no
    union all select 'task', t.task_id::text, to_jsonb(t)::text from task t where t.loan_id = loan and t.case_no = no
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
  where loan_id = loan and at <= c.closed_at and seal is not null;
  update reported_contact r set note = null, breach = null from contact t
  where t.contact_id = r.contact_id and t.loan_id = loan and t.case_no = no;
  update task set note = null where loan_id = loan and case_no = no and note is not null;
  update legal_handoff set reason = null where loan_id = loan and case_no = no;
  perform set_config('arrears.purging', 'off', true);
  update loan_case set purged_at = purge_case.purged_at where loan_id = loan and case_no = no;
  insert into purge (customer_id, loan_id, case_no, at, keep_until, rules, actor, removed)
  values (c.customer_id, loan, no, purge_case.purged_at, until_day, because, by, removed);
  return removed;
end $$;

-- A number may be that of several: what came from it stays as long as any of them is known.
create function is_only_from(inbound uuid, person text) returns boolean language sql stable as $$
  select exists (select from inbound_message_customer l where l.inbound_id = inbound and l.customer_id = person)
    and not exists (select from inbound_message_customer l join customer c using (customer_id)
      where l.inbound_id = inbound and l.customer_id <> person and c.purged_at is null)
$$;

-- Removes what identifies a person none of whose cases is kept any more.
create function purge_customer(customer text, until_day date, because text[], purged_at timestamptz, by text)
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
  update data_request set note = null, seal = null where customer_id = known.customer_id;
  perform set_config('arrears.purging', 'off', true);
  update customer set name = '', preferences = '{}', told_timezones = '{}', purged_at = purge_customer.purged_at
  where customer_id = known.customer_id;
  insert into purge (customer_id, at, keep_until, rules, actor, removed)
  values (known.customer_id, purge_customer.purged_at, until_day, because, by, removed);
  return removed;
end $$;

-- The service's rights. What later migrations add, it may write, unless they say otherwise.
grant usage on schema public to arrears_app;
grant select, insert, update, delete on all tables in schema public to arrears_app;
alter default privileges in schema public grant select, insert, update, delete on tables to arrears_app;
revoke insert, update, delete on ledger_entry, ledger_source, purge, migration from arrears_app;
revoke update, delete on ledger_anchor, ledger_leaf, case_event, contact_decision, policy, reported_contact, recording_access
  from arrears_app;
revoke update on inbound_message from arrears_app;
grant update (state, due_at, decision, decided_by, decided_at) on inbound_message to arrears_app;
revoke delete on contact, consent, contact_grant, contact_flag, inconvenient_time, contact_milestone, legal_hold,
  data_request, customer, loan, loan_case, payment, task, call, recording, inbound_message, provider_report from arrears_app;
revoke execute on function attest(), attest_row(ledger_source, text, jsonb, jsonb) from public;
revoke execute on function purge_case(text, int, date, text[], timestamptz, text),
  purge_customer(text, date, text[], timestamptz, text) from public;
grant execute on function purge_case(text, int, date, text[], timestamptz, text),
  purge_customer(text, date, text[], timestamptz, text) to arrears_app;
