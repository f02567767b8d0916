-- What a lawful contact depends on: who a number belongs to, what people asked for and agreed to, what is known about them,
-- how a contact ended, and every "no" of the gate with what it looked at.

-- Where the borrower said that they are, besides the address.
alter table customer add column told_timezones text[] not null default '{}';

alter table contact_point
  drop constraint contact_point_state_check,
  add constraint contact_point_state_check check (state in ('unverified', 'verified', 'invalid', 'reassigned')),
  -- Null: the borrower's own.
  add column party_id text,
  add column party_role text not null default 'borrower' check (party_role in ('borrower', 'co-borrower', 'guarantor',
    'spouse', 'parent', 'guardian', 'executor', 'attorney', 'contact')),
  add column place text not null default 'unknown' check (place in ('home', 'work', 'unknown')),
  -- What the employer says to contacts at work; null while nobody knows.
  add column employer_allows boolean,
  add column verified_at timestamptz,
  add constraint contact_point_owner check ((party_id is null) = (party_role = 'borrower'));

-- What a person allowed, or what gives the bank a basis to use a number or an address.
create table contact_grant (
  grant_id      bigint generated always as identity primary key,
  customer_id   text not null references customer,
  kind          text not null,
  -- Null: every channel, every contact point.
  channel       text check (channel in ('sms', 'email', 'call', 'visit', 'letter')),
  contact_point text,
  at            timestamptz not null,
  -- Exclusive; set when it is withdrawn.
  until_at      timestamptz check (until_at >= at),
  evidence      text not null,
  actor         text not null,
  recorded_at   timestamptz not null default now()
);
create index contact_grant_by_customer on contact_grant (customer_id);

-- What is known about a person or a loan and bears on contacts, `[from_at, until_at)`.
create table contact_flag (
  flag_id       bigint generated always as identity primary key,
  customer_id   text not null references customer,
  flag          text not null,
  -- Null: whichever loan.
  loan_id       text references loan,
  -- Null: the borrower.
  party_id      text,
  from_at       timestamptz not null,
  until_at      timestamptz check (until_at >= from_at),
  confirmed     boolean not null default false,
  evidence      text not null,
  actor         text not null,
  recorded_at   timestamptz not null default now()
);
create index contact_flag_by_customer on contact_flag (customer_id);

-- Times at which a person does not want to be contacted, by the clock of wherever they may be.
create table inconvenient_time (
  inconvenient_id bigint generated always as identity primary key,
  customer_id   text not null references customer,
  -- Null: every day.
  weekdays      text[],
  start_time    text not null check (start_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  end_time      text not null check (end_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  channel       text check (channel in ('sms', 'email', 'call', 'visit', 'letter')),
  evidence      text not null,
  actor         text not null,
  withdrawn_at  timestamptz,
  recorded_at   timestamptz not null default now()
);
create index inconvenient_time_by_customer on inconvenient_time (customer_id) where withdrawn_at is null;

-- Notices and other events that start a legal clock or end one.
create table contact_milestone (
  milestone_id  bigint generated always as identity primary key,
  customer_id   text not null references customer,
  loan_id       text references loan,
  event         text not null,
  at            timestamptz not null,
  evidence      text not null,
  actor         text not null,
  recorded_at   timestamptz not null default now()
);
create index contact_milestone_by_customer on contact_milestone (customer_id);

alter table contact
  add column direction text not null default 'outbound' check (direction in ('outbound', 'inbound')),
  -- How far a call or a visit came; null where its outcome says it, or nobody knows.
  add column connection text check (connection in ('none', 'rang', 'answered', 'conversation')),
  -- Null: the borrower.
  add column party_id text,
  add column party_role text not null default 'borrower',
  -- Who made it for the bank; null for the bank itself.
  add column agency text;
-- Contacts that count however long ago they were: with other people, and those of which the law allows one.
create index contact_that_always_counts on contact (customer_id)
  where party_id is not null or purpose in ('terminate', 'may-remedy', 'will-remedy', 'opt-out-confirm');

-- Every "no" and "not before" of the gate, with the packs and everything that it looked at. What it allowed is a contact.
create table contact_decision (
  decision_id  bigint generated always as identity primary key,
  contact_key  text not null,
  customer_id  text not null references customer,
  loan_id      text not null,
  channel      text not null,
  purpose      text not null,
  kind         text not null check (kind in ('denied', 'deferred')),
  at           timestamptz not null,
  until_at     timestamptz check ((kind = 'deferred') = (until_at is not null)),
  rules        text[] not null,
  reason       text not null,
  evidence     jsonb not null,
  recorded_at  timestamptz not null default now()
);
create index contact_decision_by_customer on contact_decision (customer_id, at);
create trigger contact_decision_is_append_only before update or delete on contact_decision
  for each row execute function refuse_change();
create trigger contact_decision_is_kept before truncate on contact_decision
  for each statement execute function refuse_change();
