-- Why a borrower is behind, as somebody heard it: a case may have several, one after another or at once.
create table cause (
  cause_id     uuid primary key,
  loan_id      text not null,
  case_no      int not null,
  code         text not null,
  from_day     date not null,
  heard_at     timestamptz not null,
  source       text not null check (source in ('task', 'contact', 'plan', 'sms', 'api')),
  -- The task or the contact that heard it.
  source_id    uuid check ((source_id is not null) = (source in ('task', 'contact'))),
  actor        text not null,
  ended_day    date check (ended_day >= from_day),
  ended_by     text,
  ended_at     timestamptz,
  recorded_at  timestamptz not null default now(),
  seal         uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case,
  check ((ended_day is null) = (ended_by is null) and (ended_day is null) = (ended_at is null))
);
create unique index one_running_cause_per_code on cause (loan_id, case_no, code) where ended_day is null;
create index cause_by_loan on cause (loan_id, case_no);

-- What was heard stays as it was heard; that it is over is added, once.
create function refuse_other_cause() returns trigger language plpgsql as $$
begin
  if old.ended_day is not null
    or (old.cause_id, old.loan_id, old.case_no, old.code, old.from_day, old.heard_at, old.source, old.actor, old.seal)
      is distinct from
      (new.cause_id, new.loan_id, new.case_no, new.code, new.from_day, new.heard_at, new.source, new.actor, new.seal)
    or old.source_id is distinct from new.source_id then
    raise exception 'a cause stays as it was heard, and ends once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger cause_keeps_what_was_heard before update on cause for each row execute function refuse_other_cause();
create trigger cause_is_not_deleted before delete on cause for each row execute function refuse_change();
create trigger cause_is_kept before truncate on cause for each statement execute function refuse_change();
revoke delete on cause from arrears_app;

-- An illness is nobody's business: the code and its days are sealed.
insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('cause', 'cause_id', 'source', 'case', '{cause_id,loan_id,case_no,heard_at,source,source_id,actor,recorded_at}');
create trigger cause_is_attested after insert or update on cause for each row execute function attest();

-- What tasks have heard so far; two codes have other names now. A task keeps what was typed.
insert into cause (cause_id, loan_id, case_no, code, from_day, heard_at, source, source_id, actor)
select gen_random_uuid(), heard.*
from (
  select distinct on (t.loan_id, t.case_no, code) t.loan_id, t.case_no, code,
    (t.completed_at at time zone coalesce(p.document->'policy'->>'timezone', 'UTC'))::date,
    t.completed_at, 'task', t.task_id, coalesce(t.assignee, 'policy')
  from task t
    join loan_case c using (loan_id, case_no)
    join policy p on p.policy_id = c.policy_id and p.version = c.policy_version
    cross join lateral (select case t.cause when 'lost-income' then 'income-reduction'
      when 'over-indebted' then 'over-indebtedness' else t.cause end as code) named
  where t.state = 'completed' and t.cause is not null and t.cause <> 'unknown'
  order by t.loan_id, t.case_no, code, t.completed_at
) heard;
