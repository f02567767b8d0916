/** Tables of the raw side: as many indexes and unique keys as the product's tables that a life writes to. */
export const rawTables = `
  create schema raw;
  create table raw.life (
    life_id text primary key, phone text not null, status text not null default 'open', stage text not null,
    next_action text not null, next_action_at timestamptz);
  create index on raw.life (next_action_at) where status = 'open';
  create table raw.contact (
    contact_id uuid primary key, contact_key text not null unique, life_id text not null references raw.life,
    at timestamptz not null, body text not null, state text not null, provider_id text);
  create index on raw.contact (life_id, at);
  create index on raw.contact (provider_id);
  create table raw.event (
    event_id bigint generated always as identity primary key, life_id text not null references raw.life,
    at timestamptz not null, kind text not null, data jsonb not null, event_key text, unique (life_id, event_key));
  create table raw.payment (
    payment_id text primary key, life_id text not null references raw.life, amount_minor bigint not null);
  create index on raw.payment (life_id);`;
