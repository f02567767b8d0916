-- Money that came for several loans at once, and money that was booked on the wrong one; chargebacks; the day of the books.

-- What was asked for, as it was asked: the same id again with anything else is refused.
create table receipt (
  receipt_id   text primary key check (length(receipt_id) between 1 and 60),
  kind         text not null check (kind in ('spread', 'correction')),
  amount_minor bigint not null check (amount_minor > 0),
  currency     text not null,
  value_on     date not null,
  booked_on    date,
  -- The loans with their amounts, or the customer over whose loans it was spread, or the payment that was moved and where to.
  asked        jsonb not null,
  -- Why a payment was moved; null for a sum that was spread.
  reason       text check ((kind = 'correction') = (reason is not null)),
  actor        text not null,
  recorded_at  timestamptz not null default now()
);
create trigger receipt_is_append_only before update or delete on receipt for each row execute function refuse_change();
create trigger receipt_is_kept before truncate on receipt for each statement execute function refuse_change();
revoke update, delete on receipt from arrears_app;

alter table payment drop constraint payment_kind_check;
alter table payment add constraint payment_kind_check
  check (kind in ('payment', 'reversal', 'bounce', 'chargeback', 'correction'));
alter table payment add column booked_on date, add column receipt_id text references receipt;
-- A correction names the payment that it moves, and is never without its other half.
alter table payment add constraint payment_correction_check check (kind <> 'correction' or receipt_id is not null);
create index payment_by_receipt on payment (receipt_id) where receipt_id is not null;
