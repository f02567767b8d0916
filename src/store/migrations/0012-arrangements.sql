-- What was agreed on with a borrower: one table for every kind, from the proposal on. What payments make of it is not stored.
alter table restructure rename to arrangement;
alter table arrangement rename column restructure_id to arrangement_id;
alter table schedule rename column restructure_id to arrangement_id;
alter index restructure_by_loan rename to arrangement_by_loan;
alter table arrangement rename constraint restructure_pkey to arrangement_pkey;
alter table arrangement drop constraint restructure_kind_check;
alter table arrangement add constraint arrangement_kind_check check
  (kind in ('extension', 'instalments', 're-age', 're-amortise', 'interest-reduction', 'settlement'));
alter table arrangement alter column effective_from drop not null;
alter table arrangement
  add column case_no int,
  -- The day on which it was proposed, in the bank's zone.
  add column proposed_on date,
  -- Who has to agree besides; null where nobody has.
  add column approval_role text,
  add column rejected_on date,
  add column cancelled_on date,
  -- Why is on the timeline: words of people go with it when their time is over.
  add column cancelled_by text,
  -- What the bank gives up, and what the borrower pays besides, as it was when it came into force.
  add column waived jsonb,
  add column added jsonb;
update arrangement a set proposed_on = effective_from, case_no = coalesce(
  (select max(c.case_no) from loan_case c where c.loan_id = a.loan_id and c.recorded_at <= a.recorded_at), 1);
alter table arrangement alter column case_no set not null;
alter table arrangement alter column proposed_on set not null;
alter table arrangement add check ((cancelled_on is null) = (cancelled_by is null));
alter table arrangement add check (rejected_on is null or effective_from is null);

-- What was agreed on does not change. It comes into force, is rejected or is cancelled once.
create function refuse_other_agreement() returns trigger language plpgsql as $$
begin
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
create trigger arrangement_keeps_its_terms before update on arrangement
  for each row execute function refuse_other_agreement();
create trigger arrangement_is_not_deleted before delete on arrangement for each row execute function refuse_change();
create trigger arrangement_is_kept before truncate on arrangement for each statement execute function refuse_change();
revoke delete on arrangement from arrears_app;

-- Each of them is attested in the chain of its case; the reason, which may be an illness, is sealed.
alter table arrangement add column seal uuid default gen_random_uuid();
insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('arrangement', 'arrangement_id', 'kind', 'case', '{arrangement_id,loan_id,case_no,kind,terms,actor,proposed_on,
    approval_role,effective_from,rejected_on,cancelled_on,cancelled_by,waived,added,recorded_at}');
do $$
declare
  source ledger_source;
  whole  jsonb;
begin
  perform set_config('timezone', 'UTC', true);
  select * into source from ledger_source where table_name = 'arrangement';
  for whole in select to_jsonb(t) from arrangement t order by recorded_at, arrangement_id loop
    perform attest_row(source, 'found', whole, whole);
  end loop;
end $$;
create trigger arrangement_is_attested after insert or update on arrangement for each row execute function attest();
