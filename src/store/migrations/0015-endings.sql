-- How a loan ends other than by being paid. A row is a proposal; whether it counts is said by its approval.
create table write_off (
  write_off_id      uuid primary key,
  loan_id           text not null,
  case_no           int not null,
  reason            text not null,
  -- References of documents, no words: they outlast a purge.
  evidence          text[] not null,
  -- As the loan stood when it was proposed.
  raw_dpd           int not null,
  outstanding_minor bigint not null,
  proposed_by       text not null,
  proposed_at       timestamptz not null,
  recorded_at       timestamptz not null default now(),
  seal              uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case
);
create index write_off_by_loan on write_off (loan_id);

create table write_off_undo (
  undo_id      uuid primary key,
  write_off_id uuid not null references write_off,
  loan_id      text not null,
  case_no      int not null,
  proposed_by  text not null,
  proposed_at  timestamptz not null,
  recorded_at  timestamptz not null default now(),
  seal         uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case
);
create index write_off_undo_by_write_off on write_off_undo (write_off_id);

create table sale (
  sale_id           uuid primary key,
  loan_id           text not null,
  case_no           int not null,
  buyer             text not null,
  sale_day          date not null,
  price_minor       bigint not null check (price_minor >= 0),
  -- References of documents that show that the borrower was told.
  notice_evidence   text[] not null,
  outstanding_minor bigint not null,
  proposed_by       text not null,
  proposed_at       timestamptz not null,
  recorded_at       timestamptz not null default now(),
  seal              uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case
);
create index sale_by_loan on sale (loan_id);

create view written_off_loan as
select w.loan_id, w.write_off_id
from write_off w
  join approval a on a.kind = 'write-off' and a.subject_id = w.write_off_id::text and a.state = 'approved'
where not exists (
  select from write_off_undo u
    join approval b on b.kind = 'write-off-undo' and b.subject_id = u.undo_id::text and b.state = 'approved'
  where u.write_off_id = w.write_off_id);

create view sold_loan as
select s.loan_id, s.sale_id
from sale s join approval a on a.kind = 'sale' and a.subject_id = s.sale_id::text and a.state = 'approved';

create trigger write_off_is_append_only before update or delete on write_off
  for each row execute function refuse_change();
create trigger write_off_is_kept before truncate on write_off for each statement execute function refuse_change();
create trigger write_off_undo_is_append_only before update or delete on write_off_undo
  for each row execute function refuse_change();
create trigger write_off_undo_is_kept before truncate on write_off_undo
  for each statement execute function refuse_change();
create trigger sale_is_append_only before update or delete on sale for each row execute function refuse_change();
create trigger sale_is_kept before truncate on sale for each statement execute function refuse_change();
revoke update, delete on write_off, write_off_undo, sale from arrears_app;
revoke insert, update, delete on written_off_loan, sold_loan from arrears_app;

insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('write_off', 'write_off_id', 'reason', 'case',
    '{write_off_id,loan_id,case_no,reason,raw_dpd,outstanding_minor,proposed_by,proposed_at,recorded_at}'),
  ('write_off_undo', 'undo_id', null, 'case',
    '{undo_id,write_off_id,loan_id,case_no,proposed_by,proposed_at,recorded_at}'),
  ('sale', 'sale_id', null, 'case',
    '{sale_id,loan_id,case_no,sale_day,price_minor,outstanding_minor,proposed_by,proposed_at,recorded_at}');
create trigger write_off_is_attested after insert on write_off for each row execute function attest();
create trigger write_off_undo_is_attested after insert on write_off_undo for each row execute function attest();
create trigger sale_is_attested after insert on sale for each row execute function attest();
