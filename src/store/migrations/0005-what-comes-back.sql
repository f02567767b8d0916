-- A contact is handed to its provider once, and everything that comes back has its row.

alter table contact
  -- Committed just before the provider is called: without it the provider has certainly seen nothing. The machine's clock.
  add column handed_at timestamptz,
  -- When the hours in which it may arrive end.
  add column closes_at timestamptz,
  -- The provider could not deliver it, and says that it is worth another attempt from then on.
  add column retry_at timestamptz;
-- Of what was reserved by an earlier release nobody knows whether it was handed over: it is taken to be.
update contact set handed_at = recorded_at where channel in ('sms', 'email') and state not in ('released', 'denied');
-- Attempts whose end somebody has to find out.
create index contact_open on contact (recorded_at) where state in ('reserved', 'unknown') and channel in ('sms', 'email');
create index contact_to_retry on contact (loan_id, case_no) where retry_at is not null;

-- What a provider said of a message, once per message and word of it; `contact_id` is null where nobody knows the message.
create table provider_report (
  provider      text not null check (provider in ('twilio', 'mail')),
  provider_id   text not null,
  status        text not null,
  contact_id    uuid references contact,
  code          text,
  times         int not null default 1,
  recorded_at   timestamptz not null default now(),
  primary key (provider, provider_id, status)
);
create index provider_report_unmatched on provider_report (provider) where contact_id is null;

-- What a person who runs the service has to put right: an account, a sender, a route, a text.
create table operations_alert (
  alert_id      bigint generated always as identity primary key,
  kind          text not null check (kind in ('configuration', 'content')),
  provider      text not null,
  code          text not null,
  contact_id    uuid not null references contact,
  at            timestamptz not null,
  recorded_at   timestamptz not null default now(),
  unique (contact_id, code)
);

-- The secret of a List-Unsubscribe address, as a SHA-256: whoever reads the table cannot use it.
create table unsubscribe_token (
  token_hash    text primary key,
  contact_id    uuid not null references contact,
  recorded_at   timestamptz not null default now()
);

-- What people wrote to us. Personal data: read by those who may, and nowhere else.
create table inbound_message (
  inbound_id    uuid primary key,
  channel       text not null check (channel in ('sms', 'email')),
  -- The provider's id: the same message twice is one.
  provider_id   text not null,
  sender        text not null,
  body          text not null,
  at            timestamptz not null,
  understood_as text not null,
  -- Waiting: a person has to read it. Held: until then nothing is sent, because it may be an opt-out.
  state         text not null check (state in ('done', 'waiting', 'held')),
  due_at        timestamptz,
  decision      text,
  decided_by    text,
  decided_at    timestamptz,
  recorded_at   timestamptz not null default now(),
  unique (channel, provider_id),
  check ((state = 'done') or due_at is not null),
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);
create index inbound_message_open on inbound_message (due_at, inbound_id) where state <> 'done';

-- Whose number or address it came from: it may be that of several.
create table inbound_message_customer (
  inbound_id    uuid not null references inbound_message,
  customer_id   text not null references customer,
  -- The review or the call that asks a person to act on it.
  task_id       uuid references task,
  primary key (inbound_id, customer_id)
);
create index inbound_message_by_customer on inbound_message_customer (customer_id);

-- Who wrote: people capitalise their addresses as they like.
create index contact_point_by_mail on contact_point (lower(value)) where kind = 'email';
