-- A pause of many loans at once. What was agreed and for which loans is one transaction; how far it is carried out is in the list.

create table bulk_pause (
  bulk_id      text primary key check (length(bulk_id) between 1 and 64),
  filter       jsonb not null,
  from_day     date not null,
  until_day    date check (until_day > from_day),
  -- Set where the end is open.
  review_on    date check ((review_on is null) = (until_day is not null)),
  reason       text not null,
  -- Of the preview that was agreed to: it stands for the loans and the terms.
  token        text not null,
  actor        text not null,
  at           timestamptz not null,
  recorded_at  timestamptz not null default now()
);
create trigger bulk_pause_is_append_only before update or delete on bulk_pause for each row execute function refuse_change();
create trigger bulk_pause_is_kept before truncate on bulk_pause for each statement execute function refuse_change();

create table bulk_pause_loan (
  bulk_id      text not null references bulk_pause,
  loan_id      text not null references loan,
  paused_at    timestamptz,
  -- The case that was open when the loan was paused, and has to be told.
  case_no      int,
  told_at      timestamptz,
  primary key (bulk_id, loan_id),
  check (paused_at is not null or (case_no is null and told_at is null))
);
create index bulk_pause_waiting on bulk_pause_loan (bulk_id, loan_id) where paused_at is null;
create index bulk_pause_to_tell on bulk_pause_loan (bulk_id, loan_id) where case_no is not null and told_at is null;

alter table pause add column bulk_id text references bulk_pause;
revoke update, delete on bulk_pause from arrears_app;
revoke delete on bulk_pause_loan from arrears_app;
