-- A promise to pay is a thing of its own. Whether it is open, kept or broken is never stored: payments say so.
create table promise (
  promise_id    text primary key check (length(promise_id) between 1 and 64),
  loan_id       text not null,
  case_no       int not null,
  given_day     date not null,
  given_at      timestamptz not null,
  source        text not null check (source in ('task', 'sms', 'api')),
  -- The task or the message that it was heard in.
  source_id     text check ((source_id is null) = (source = 'api')),
  actor         text not null,
  cancelled_day date check (cancelled_day >= given_day),
  cancelled_by  text,
  -- Why is on the timeline: words are kept there and nowhere else.
  cancelled_at  timestamptz,
  recorded_at   timestamptz not null default now(),
  seal          uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case,
  check ((cancelled_day is null) = (cancelled_by is null) and (cancelled_day is null) = (cancelled_at is null))
);
create index promise_by_loan on promise (loan_id, given_at);

create table promise_part (
  promise_id   text not null references promise,
  part_no      int not null check (part_no > 0),
  due_day      date not null,
  amount_minor bigint not null check (amount_minor > 0),
  recorded_at  timestamptz not null default now(),
  primary key (promise_id, part_no)
);

-- What was promised stays as it was promised; that it was taken back is added, once.
create function refuse_other_promise() returns trigger language plpgsql as $$
begin
  if old.cancelled_day is not null
    or (old.promise_id, old.loan_id, old.case_no, old.given_day, old.given_at, old.source, old.actor, old.seal)
      is distinct from
      (new.promise_id, new.loan_id, new.case_no, new.given_day, new.given_at, new.source, new.actor, new.seal)
    or old.source_id is distinct from new.source_id then
    raise exception 'a promise stays as it was given, and is cancelled once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger promise_keeps_its_terms before update on promise for each row execute function refuse_other_promise();
create trigger promise_is_not_deleted before delete on promise for each row execute function refuse_change();
create trigger promise_is_kept before truncate on promise for each statement execute function refuse_change();
create trigger promise_part_is_append_only before update or delete on promise_part
  for each row execute function refuse_change();
create trigger promise_part_is_kept before truncate on promise_part for each statement execute function refuse_change();
revoke delete on promise from arrears_app;
revoke update, delete on promise_part from arrears_app;

-- Days and amounts are attested by the event that tells of the promise.
insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('promise', 'promise_id', 'source', 'case', '{promise_id,loan_id,case_no,given_day,given_at,source,source_id,actor,'
    'cancelled_day,cancelled_by,cancelled_at,recorded_at}');
create trigger promise_is_attested after insert or update on promise for each row execute function attest();

-- What tasks have on record. A task keeps what was typed; one without an amount says nothing that could be kept.
insert into promise (promise_id, loan_id, case_no, given_day, given_at, source, source_id, actor)
select t.task_id::text, t.loan_id, t.case_no,
  (t.completed_at at time zone coalesce(p.document->'policy'->>'timezone', 'UTC'))::date,
  t.completed_at, 'task', t.task_id::text, coalesce(t.assignee, 'policy')
from task t
  join loan_case c using (loan_id, case_no)
  join policy p on p.policy_id = c.policy_id and p.version = c.policy_version
where t.state = 'completed' and t.promised_on is not null and t.promised_minor > 0;
insert into promise_part (promise_id, part_no, due_day, amount_minor)
select p.promise_id, 1, t.promised_on, t.promised_minor
from promise p join task t on t.task_id::text = p.source_id;
