-- A purge is what the purge functions do, not what a setting says that anybody may set; what is attested changes only as it ends
-- or is decided; columns that came later, and the parts of promises, are attested too.

-- The purge functions act as the owner of the ledger, and so do migrations. Whoever else sets the setting purges nothing.
create function is_purging() returns boolean language plpgsql stable as $$
begin
  if pg_catalog.current_setting('arrears.purging', true) is distinct from 'on' then
    return false;
  end if;
  return current_user = (select pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_class c
    where c.oid = 'public.ledger_entry'::pg_catalog.regclass);
end $$;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('case_event', 'contact_decision', 'reported_contact', 'recording_access', 'receipt')
    and public.is_purging() then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace function refuse_other_words() returns trigger language plpgsql as $$
begin
  if (new.contact_id, new.contact_key, new.customer_id, new.loan_id, new.case_no, new.channel, new.made_by)
      is distinct from (old.contact_id, old.contact_key, old.customer_id, old.loan_id, old.case_no, old.channel, old.made_by)
    or not public.is_purging()
      and not (old.state = 'released' or old.state = 'reserved' and old.handed_at is null)
      and ((new.contact_point, new.subject, new.seal) is distinct from (old.contact_point, old.subject, old.seal)
        or (new.body, new.content_hash) is distinct from (old.body, old.content_hash)
          and not (old.channel = 'call' and old.body is null and old.content_hash is null)) then
    raise exception 'what a contact said, and to whom, never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create or replace function refuse_other_cause() returns trigger language plpgsql as $$
begin
  if public.is_purging() then
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
  if public.is_purging() then
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

-- Of a row that is only ever added to: the columns that are written when it ends or is decided are the trigger's arguments.
create function refuse_other_columns() returns trigger language plpgsql as $$
declare
  may text[] := coalesce(tg_argv, '{}');
begin
  if public.is_purging() or to_jsonb(new) - may = to_jsonb(old) - may then
    return new;
  end if;
  raise exception 'a row of % stays as it was written', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger consent_stays before update on consent for each row execute function refuse_other_columns();
create trigger contact_milestone_stays before update on contact_milestone
  for each row execute function refuse_other_columns();
create trigger contact_grant_stays before update on contact_grant
  for each row execute function refuse_other_columns('until_at', 'ended_by', 'end_reason');
create trigger contact_flag_stays before update on contact_flag
  for each row execute function refuse_other_columns('until_at', 'until_day', 'ended_by', 'end_reason');
create trigger inconvenient_time_stays before update on inconvenient_time
  for each row execute function refuse_other_columns('withdrawn_at', 'ended_by', 'end_reason');
create trigger legal_hold_stays before update on legal_hold
  for each row execute function refuse_other_columns('cleared_by', 'cleared_at', 'clear_reason');
create trigger data_request_stays before update on data_request
  for each row execute function refuse_other_columns('state', 'decided_at', 'decided_by', 'ground', 'note');

-- attest() acts as the owner and cannot know who changes a row: nobody else changes one while the setting is on.
create function refuse_purge_by_others() returns trigger language plpgsql as $$
begin
  if public.is_purging() then
    return new;
  end if;
  raise exception 'only the purge itself purges %', tg_table_name using errcode = 'insufficient_privilege';
end $$;
do $$
declare
  name text;
begin
  for name in select table_name from ledger_source loop
    execute format('create trigger %I before update on %I for each row
      when (current_setting(''arrears.purging'', true) = ''on'') execute function refuse_purge_by_others()',
      name || '_is_purged_by_the_purge', name);
  end loop;
end $$;

-- Columns that came when a row was attested already enter the ledger as they are found.
create function attest_added(name text) returns void language plpgsql as $$
declare
  source ledger_source;
  whole  jsonb;
  added  jsonb;
begin
  perform set_config('timezone', 'UTC', true);
  select * into source from ledger_source where table_name = name;
  for whole, added in execute format(
    'with named as (
       select e.payload::jsonb->>''key'' as key, jsonb_object_agg(c, true) as columns
       from ledger_entry e, jsonb_object_keys(e.payload::jsonb->''columns'') c
       where (e.what = %1$L or e.what like %2$L) and e.payload::jsonb->>''table'' = %1$L group by 1)
     select r.whole, (select jsonb_object_agg(c.key, c.value) from jsonb_each(r.whole - ''seal'') c
       where c.value <> ''null'' and not n.columns ? c.key)
     from (select to_jsonb(t) as whole, t.%3$I::text as key from %1$I t order by t.recorded_at, t.%3$I) r
     join named n using (key)
     where exists (select from jsonb_each(r.whole - ''seal'') c where c.value <> ''null'' and not n.columns ? c.key)',
    name, name || '/%', source.key_column) loop
    perform attest_row(source, 'added', whole, added);
  end loop;
end $$;
do $$
declare
  name text;
begin
  for name in select table_name from ledger_source order by 1 loop
    perform attest_added(name);
  end loop;
end $$;
revoke execute on function attest_added(text) from public;

-- What was promised for which day is attested part by part, in the chain of the case.
alter table promise_part
  add column part_id text generated always as (promise_id || '/' || part_no::text) stored unique,
  add column loan_id text,
  add column case_no int,
  add column seal uuid default gen_random_uuid();
alter table promise_part disable trigger promise_part_is_append_only;
update promise_part part set loan_id = p.loan_id, case_no = p.case_no from promise p where p.promise_id = part.promise_id;
alter table promise_part enable trigger promise_part_is_append_only;

-- Whose promise it is is said by the promise alone.
create function part_of_promise() returns trigger language plpgsql as $$
begin
  select p.loan_id, p.case_no into new.loan_id, new.case_no from promise p where p.promise_id = new.promise_id;
  return new;
end $$;
create trigger promise_part_is_of_its_promise before insert on promise_part for each row execute function part_of_promise();
insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('promise_part', 'part_id', null, 'case', '{part_id,promise_id,part_no,loan_id,case_no,due_day,amount_minor,recorded_at}');
do $$
declare
  source ledger_source;
  whole  jsonb;
begin
  perform set_config('timezone', 'UTC', true);
  select * into source from ledger_source where table_name = 'promise_part';
  for whole in select to_jsonb(t) from promise_part t order by recorded_at, promise_id, part_no loop
    perform attest_row(source, 'found', whole, whole);
  end loop;
end $$;
create trigger promise_part_is_attested after insert on promise_part for each row execute function attest();
