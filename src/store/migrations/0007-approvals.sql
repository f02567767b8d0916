-- What waits for a second person, and what became of it. Figures and codes only: the words of both are on the timeline.
create table approval (
  approval_id  uuid primary key,
  kind         text not null,
  -- The row that it is about: the id of an arrangement, of a sale and so on.
  subject_id   text not null,
  loan_id      text not null references loan,
  case_no      int not null,
  -- Who may decide, as the policy says.
  role         text not null,
  -- What was proposed, as whoever decides is to see it.
  terms        jsonb not null,
  state        text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected')),
  proposed_by  text not null,
  proposed_at  timestamptz not null,
  decided_by   text check (decided_by <> proposed_by),
  decided_at   timestamptz,
  recorded_at  timestamptz not null default now(),
  unique (kind, subject_id),
  foreign key (loan_id, case_no) references loan_case,
  check ((state = 'waiting') = (decided_by is null) and (decided_by is null) = (decided_at is null))
);
create index approval_waiting on approval (proposed_at, approval_id) where state = 'waiting';
create index approval_by_loan on approval (loan_id, case_no);

-- A decision stands: only one that waits is decided, and what was proposed never changes.
create function refuse_other_terms() returns trigger language plpgsql as $$
begin
  if old.state <> 'waiting'
    or (old.kind, old.subject_id, old.loan_id, old.case_no, old.role, old.terms, old.proposed_by, old.proposed_at)
      is distinct from
      (new.kind, new.subject_id, new.loan_id, new.case_no, new.role, new.terms, new.proposed_by, new.proposed_at) then
    raise exception 'a decision stands, and what was proposed does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger approval_keeps_its_terms before update on approval for each row execute function refuse_other_terms();
create trigger approval_is_not_deleted before delete on approval for each row execute function refuse_change();
create trigger approval_is_kept before truncate on approval for each statement execute function refuse_change();
revoke delete on approval from arrears_app;
