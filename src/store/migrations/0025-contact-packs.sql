-- The text of every pack by which contacts were ever judged: a decision names its packs by their hash, and can be taken again
-- when the files have long been edited.
create table contact_pack (
  content_hash text primary key check (content_hash ~ '^[0-9a-f]{64}$'),
  pack         text not null,
  version      text not null,
  -- As it was applied, with the bank's own changes.
  written      jsonb not null,
  recorded_at  timestamptz not null default now()
);
create trigger contact_pack_is_append_only before update or delete on contact_pack for each row execute function refuse_change();
create trigger contact_pack_is_kept before truncate on contact_pack for each statement execute function refuse_change();
