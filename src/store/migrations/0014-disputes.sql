-- What a borrower objects to, and what became of it. Figures and codes only: the evidence is with the flag that the dispute
-- sets, the words of whoever decided are on the timeline.
create table dispute (
  dispute_id     text primary key check (length(dispute_id) between 1 and 64),
  loan_id        text not null,
  case_no        int not null,
  reason_code    text not null,
  -- Null: the whole debt.
  disputed_minor bigint check (disputed_minor > 0),
  opened_by      text not null,
  opened_at      timestamptz not null,
  answer_by      timestamptz not null,
  flag_id        bigint not null references contact_flag,
  outcome        text check (outcome in ('upheld', 'partly', 'rejected')),
  upheld_minor   bigint check (upheld_minor >= 0),
  -- What of it was still unpaid and is no longer asked for, by this schedule of the loan; the rest was paid and is owed back.
  credited_minor bigint check (credited_minor between 0 and upheld_minor),
  schedule_no    int,
  resolved_by    text,
  resolved_at    timestamptz,
  recorded_at    timestamptz not null default now(),
  foreign key (loan_id, case_no) references loan_case,
  foreign key (loan_id, schedule_no) references schedule,
  check ((outcome is null) = (resolved_by is null) and (outcome is null) = (resolved_at is null)
    and (outcome is null) = (upheld_minor is null) and (outcome is null) = (credited_minor is null)),
  check ((outcome = 'rejected') = (upheld_minor = 0)),
  check ((schedule_no is not null) = (coalesce(credited_minor, 0) > 0))
);
alter table schedule
  -- Set where no arrangement made it but a dispute that was upheld.
  add column dispute_id text references dispute check (dispute_id is null or arrangement_id is null);
create index dispute_by_loan on dispute (loan_id);
create index dispute_open on dispute (answer_by) where outcome is null;

-- What was objected to stays as it was said, and a resolution stands.
create function refuse_other_resolution() returns trigger language plpgsql as $$
begin
  if old.outcome is not null
    or (old.dispute_id, old.loan_id, old.case_no, old.reason_code, old.disputed_minor, old.opened_by, old.opened_at, old.answer_by)
      is distinct from
      (new.dispute_id, new.loan_id, new.case_no, new.reason_code, new.disputed_minor, new.opened_by, new.opened_at, new.answer_by)
  then
    raise exception 'a resolution stands, and what was disputed does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger dispute_keeps_its_words before update on dispute for each row execute function refuse_other_resolution();
create trigger dispute_is_not_deleted before delete on dispute for each row execute function refuse_change();
create trigger dispute_is_kept before truncate on dispute for each statement execute function refuse_change();
revoke delete on dispute from arrears_app;
