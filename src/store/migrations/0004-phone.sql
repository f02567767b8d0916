-- Calls through the telephone provider, their recordings (links, never the sound), and contacts that were made elsewhere.

-- A call that a collector starts: the provider rings the collector, then the borrower. One row per attempt.
create table call (
  contact_id       uuid primary key references contact,
  task_id          uuid not null references task,
  attempt          int not null check (attempt >= 1),
  started_by       text not null,
  collector_phone  text not null,
  asked_at         timestamptz not null,
  collector_sid    text,
  collector_status text,
  -- When the borrower's number was handed over to be dialled; null while nobody has disturbed the borrower.
  dialled_at       timestamptz,
  borrower_sid     text,
  borrower_status  text,
  -- human, machine_…, fax or unknown, as the provider heard it.
  answered_by      text,
  -- A message on a machine that was cut off may say too little to be a limited-content message.
  voicemail        text check (voicemail in ('playing', 'left', 'partial')),
  -- Why the provider did not take it; no text of the provider's.
  failure          text,
  recorded_at      timestamptz not null default now(),
  unique (task_id, attempt)
);

create table recording (
  recording_id     uuid primary key,
  contact_id       uuid not null references contact,
  provider_id      text not null unique,
  url              text not null,
  duration_seconds int not null check (duration_seconds >= 0),
  made_at          timestamptz not null,
  -- Null: until the debt is settled, and as long after it as the packs say.
  retain_until     timestamptz,
  deleted_at       timestamptz,
  recorded_at      timestamptz not null default now()
);
create index recording_by_contact on recording (contact_id);
create index recording_to_delete on recording (retain_until) where deleted_at is null;

-- Who asked for the link, and why.
create table recording_access (
  access_id    bigint generated always as identity primary key,
  recording_id uuid not null references recording,
  actor        text not null,
  reason       text not null,
  at           timestamptz not null,
  recorded_at  timestamptz not null default now()
);
create trigger recording_access_is_append_only before update or delete on recording_access
  for each row execute function refuse_change();
create trigger recording_access_is_kept before truncate on recording_access
  for each statement execute function refuse_change();

-- What was said of a contact that the product did not make: by hand, or by an agency.
create table reported_contact (
  contact_id   uuid primary key references contact,
  report_id    text not null,
  content_hash text not null,
  -- Rules that the contact broke; empty when it broke none.
  broken_rules text[] not null,
  breach       text,
  note         text,
  reported_by  text not null,
  reported_at  timestamptz not null,
  recorded_at  timestamptz not null default now()
);
create trigger reported_contact_is_append_only before update or delete on reported_contact
  for each row execute function refuse_change();
create trigger reported_contact_is_kept before truncate on reported_contact
  for each statement execute function refuse_change();
