-- The facts of collections. Money: bigint minor units beside an ISO 4217 currency. Days: date in the bank's zone.
-- Instants: timestamptz in the bank's time (which time travel may move); recorded_at is always the machine's own clock.

create table customer (
  customer_id  text primary key check (length(customer_id) between 1 and 64),
  name         text not null,
  language     text not null check (language in ('zh', 'en')),
  timezone     text not null,
  -- The bank's own preferences and limits for this person, as the API takes them.
  preferences  jsonb not null default '{}',
  recorded_at  timestamptz not null default now()
);

create table contact_point (
  customer_id  text not null references customer,
  kind         text not null check (kind in ('phone', 'email', 'address')),
  value        text not null,
  -- Lower rank is tried first.
  rank         int not null default 1,
  state        text not null default 'unverified' check (state in ('unverified', 'verified', 'invalid')),
  state_reason text,
  recorded_at  timestamptz not null default now(),
  primary key (customer_id, kind, value)
);

-- The newest row per customer and channel is in force.
create table consent (
  consent_id   bigint generated always as identity primary key,
  customer_id  text not null references customer,
  channel      text not null check (channel in ('sms', 'email', 'call', 'visit', 'letter')),
  state        text not null check (state in ('opted-in', 'opted-out')),
  source       text not null,
  at           timestamptz not null,
  recorded_at  timestamptz not null default now()
);
create index contact_point_by_value on contact_point (kind, value);

create index consent_by_customer on consent (customer_id, channel, consent_id desc);

create table loan (
  loan_id      text primary key check (length(loan_id) between 1 and 64),
  customer_id  text not null references customer,
  product      text not null,
  currency     text not null check (currency ~ '^[A-Z]{3}$'),
  principal_minor bigint not null check (principal_minor > 0),
  disbursed_on date not null,
  risk_tier    text not null check (risk_tier in ('low', 'medium', 'high')),
  branch       text not null,
  recorded_at  timestamptz not null default now()
);
create index loan_by_customer on loan (customer_id);

-- Schedule 1 is the contract; each restructure adds one. Instalments of a schedule never change once a later one exists.
create table schedule (
  loan_id        text not null references loan,
  schedule_no    int not null,
  effective_from date not null,
  restructure_id text,
  primary key (loan_id, schedule_no)
);

create table instalment (
  loan_id         text not null,
  schedule_no     int not null default 1,
  instalment_no   int not null,
  due_on          date not null,
  principal_minor bigint not null default 0 check (principal_minor >= 0),
  interest_minor  bigint not null default 0 check (interest_minor >= 0),
  fee_minor       bigint not null default 0 check (fee_minor >= 0),
  penalty_minor   bigint not null default 0 check (penalty_minor >= 0),
  primary key (loan_id, schedule_no, instalment_no),
  foreign key (loan_id, schedule_no) references schedule
);
create index instalment_by_due on instalment (due_on);

create table payment (
  payment_id   text primary key check (length(payment_id) between 1 and 64),
  loan_id      text not null references loan,
  kind         text not null check (kind in ('payment', 'reversal', 'bounce')),
  amount_minor bigint not null check (amount_minor > 0),
  currency     text not null,
  value_on     date not null,
  reverses     text unique references payment,
  recorded_at  timestamptz not null default now(),
  check ((kind = 'payment') = (reverses is null))
);
create index payment_by_loan on payment (loan_id, value_on);
create index payment_by_recording on payment (recorded_at);

create table policy (
  policy_id    text not null,
  version      text not null,
  content_hash text not null,
  document     jsonb not null,
  published_at timestamptz not null default now(),
  published_by text not null,
  primary key (policy_id, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger policy_is_immutable before update or delete on policy for each row execute function refuse_change();
create trigger policy_is_kept before truncate on policy for each statement execute function refuse_change();

create table loan_case (
  loan_id        text not null references loan,
  case_no        int not null,
  customer_id    text not null references customer,
  policy_id      text not null,
  policy_version text not null,
  opened_at      timestamptz not null,
  opened_dpd     int not null,
  status         text not null default 'open' check (status in ('open', 'closed')),
  closed_at      timestamptz,
  close_reason   text,
  -- What lists and filters show; written in the transaction of each step, never read by a decision.
  stage          text not null,
  raw_dpd        int not null,
  effective_dpd  int not null,
  overdue_minor  bigint not null,
  paused         boolean not null default false,
  next_action    text not null default 'assess',
  next_action_at timestamptz,
  assignee       text,
  -- A stage to which a person or a task's outcome sent the case before its day.
  escalate_to    text,
  recorded_at    timestamptz not null default now(),
  primary key (loan_id, case_no),
  foreign key (policy_id, policy_version) references policy
);
create unique index one_open_case_per_loan on loan_case (loan_id) where status = 'open';
create index open_case_by_next_action on loan_case (next_action_at) where status = 'open';
create index open_case_by_customer on loan_case (customer_id) where status = 'open';

-- The timeline: what happened, why, by whom. Append-only.
create table case_event (
  event_id    bigint generated always as identity primary key,
  loan_id     text not null,
  case_no     int not null,
  at          timestamptz not null,
  kind        text not null,
  actor       text not null,
  reason      text not null,
  data        jsonb not null default '{}',
  -- Business key of the event where one exists: a repeated attempt leaves one row.
  event_key   text,
  recorded_at timestamptz not null default now(),
  foreign key (loan_id, case_no) references loan_case,
  unique (loan_id, case_no, event_key)
);
create trigger case_event_is_append_only before update or delete on case_event for each row execute function refuse_change();
create trigger case_event_is_kept before truncate on case_event for each statement execute function refuse_change();

-- One row per contact with a borrower, by machine or by hand. Reserved before the provider is called.
create table contact (
  contact_id    uuid primary key,
  -- loan/case/stage/step: the business key; claiming it twice gives the same row.
  contact_key   text not null unique,
  customer_id   text not null references customer,
  loan_id       text not null,
  case_no       int not null,
  -- Every loan that the contact named; the cap belongs to the customer.
  loan_ids      text[] not null,
  channel       text not null check (channel in ('sms', 'email', 'call', 'visit', 'letter')),
  purpose       text not null,
  template      text,
  language      text,
  contact_point text,
  state         text not null check (state in ('reserved', 'placed', 'delivered', 'failed', 'unknown', 'released', 'denied')),
  at            timestamptz not null,
  subject       text,
  body          text,
  content_hash  text,
  provider_id   text,
  outcome       text,
  -- What the gate saw and which rules of which pack it applied.
  verdict       jsonb not null,
  offers        text[] not null default '{}',
  made_by       text not null,
  recorded_at   timestamptz not null default now(),
  foreign key (loan_id, case_no) references loan_case
);
create index contact_by_customer on contact (customer_id, at);
create index contact_by_loan on contact (loan_id, case_no, at);
create index contact_by_provider on contact (provider_id) where provider_id is not null;

create table task (
  task_id      uuid primary key,
  task_key     text not null unique,
  loan_id      text not null,
  case_no      int not null,
  customer_id  text not null references customer,
  kind         text not null,
  stage        text not null,
  asks         text[] not null default '{}',
  attempt      int not null default 1,
  state        text not null default 'open' check (state in ('open', 'claimed', 'completed', 'cancelled')),
  assignee     text,
  not_before   timestamptz not null,
  due_at       timestamptz not null,
  claimed_at   timestamptz,
  completed_at timestamptz,
  outcome      text,
  cause        text,
  willingness  text,
  note         text,
  offered      text[] not null default '{}',
  promised_on  date,
  promised_minor bigint,
  -- The case rests until then because of this outcome.
  hold_until   timestamptz,
  contact_id   uuid references contact,
  recorded_at  timestamptz not null default now(),
  foreign key (loan_id, case_no) references loan_case
);
create index task_queue on task (state, due_at, task_id);
create index task_by_loan on task (loan_id, case_no);

create table pause (
  pause_id    text primary key,
  loan_id     text not null references loan,
  from_day    date not null,
  until_day   date check (until_day > from_day),
  -- Set by a resume: the pause then covers [from_day, resumed_on).
  resumed_on  date,
  resumed_by  text,
  reason      text not null,
  actor       text not null,
  recorded_at timestamptz not null default now()
);
create index pause_by_loan on pause (loan_id);

-- What each pause covers, [from_day, until_day); one that was resumed before it began covers nothing.
create view effective_pause as
select pause_id, loan_id, from_day, least(until_day, resumed_on) as until_day from pause
where coalesce(least(until_day, resumed_on) > from_day, true);

create table restructure (
  restructure_id text primary key,
  loan_id        text not null references loan,
  kind           text not null check (kind in ('extension', 'instalments')),
  terms          jsonb not null,
  effective_from date not null,
  reason         text not null,
  actor          text not null,
  recorded_at    timestamptz not null default now()
);
create index restructure_by_loan on restructure (loan_id);

create table legal_handoff (
  handoff_id  uuid primary key,
  loan_id     text not null,
  case_no     int not null,
  state       text not null check (state in ('proposed', 'approved', 'rejected')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  -- What was on record when it was proposed.
  evidence    jsonb not null,
  decided_by  text check (decided_by <> proposed_by),
  decided_at  timestamptz,
  reason      text,
  recorded_at timestamptz not null default now(),
  foreign key (loan_id, case_no) references loan_case
);
create unique index one_live_handoff_per_case on legal_handoff (loan_id, case_no) where state <> 'rejected';

create table idempotency_key (
  idempotency_key text not null,
  route           text not null,
  body_hash       text not null,
  status          int,
  response        jsonb,
  recorded_at     timestamptz not null default now(),
  primary key (route, idempotency_key)
);

create table import_run (
  import_id   uuid primary key,
  file_name   text not null,
  file_hash   text,
  kind        text not null,
  state       text not null check (state in ('running', 'done', 'failed')),
  rows_read   bigint not null default 0,
  rows_taken  bigint not null default 0,
  rows_known  bigint not null default 0,
  rows_refused bigint not null default 0,
  failure     text,
  started_at  timestamptz not null default now(),
  ended_at    timestamptz
);

create table import_refusal (
  import_id uuid not null references import_run,
  line      bigint not null,
  field     text not null,
  reason    text not null,
  primary key (import_id, line, field)
);

-- How far time travel has moved the bank's clock ahead of the machine's. One row; zero in production.
create table bank_clock (
  only_row     boolean primary key default true check (only_row),
  ahead_ms     bigint not null default 0 check (ahead_ms >= 0)
);
insert into bank_clock default values;
