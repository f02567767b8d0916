-- What the bank gives up of penalty, fee and interest. Why is on the timeline: words of people go with it when their time is over.
create table waiver (
  waiver_id      text primary key check (length(waiver_id) between 1 and 64),
  loan_id        text not null,
  case_no        int not null,
  -- From which it counts, once it is granted.
  on_day         date not null,
  penalty_minor  bigint not null check (penalty_minor >= 0),
  fee_minor      bigint not null check (fee_minor >= 0),
  interest_minor bigint not null check (interest_minor >= 0),
  -- It lapses unless the rest is paid by then.
  pay_by         date check (pay_by >= on_day),
  -- Who has to agree besides; null where nobody has.
  approval_role  text,
  asked_by       text not null,
  recorded_at    timestamptz not null default now(),
  seal           uuid default gen_random_uuid(),
  foreign key (loan_id, case_no) references loan_case,
  check (penalty_minor + fee_minor + interest_minor > 0)
);
create index waiver_by_loan on waiver (loan_id, on_day);

create view granted_waiver as
select w.* from waiver w
where w.approval_role is null or exists (
  select from approval a where a.kind = 'waiver' and a.subject_id = w.waiver_id and a.state = 'approved');

create trigger waiver_is_append_only before update or delete on waiver for each row execute function refuse_change();
create trigger waiver_is_kept before truncate on waiver for each statement execute function refuse_change();
revoke update, delete on waiver from arrears_app;
revoke insert, update, delete on granted_waiver from arrears_app;

insert into ledger_source (table_name, key_column, kind_column, chain, open_columns) values
  ('waiver', 'waiver_id', null, 'case', '{waiver_id,loan_id,case_no,on_day,penalty_minor,fee_minor,interest_minor,pay_by,
    approval_role,asked_by,recorded_at}');
create trigger waiver_is_attested after insert on waiver for each row execute function attest();

-- From which day money is set against a written-off loan in the order for such loans: the bank's day of the decision.
create or replace view written_off_loan as
select w.loan_id, w.write_off_id,
  (a.decided_at at time zone (p.document->'policy'->>'timezone'))::date as on_day
from write_off w
  join approval a on a.kind = 'write-off' and a.subject_id = w.write_off_id::text and a.state = 'approved'
  join loan_case c on c.loan_id = w.loan_id and c.case_no = w.case_no
  join policy p on p.policy_id = c.policy_id and p.version = c.policy_version
where not exists (
  select from write_off_undo u
    join approval b on b.kind = 'write-off-undo' and b.subject_id = u.undo_id::text and b.state = 'approved'
  where u.write_off_id = w.write_off_id);

-- What an upheld dispute took off late fees and penalty interest; null where it took none off.
alter table schedule add column charges_off jsonb;
