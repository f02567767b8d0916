-- Whose word it was: somebody beside the borrower closes a way to themselves alone. Null: the borrower.

alter table consent add column party_id text;
update ledger_source set open_columns = array_append(open_columns, 'party_id') where table_name = 'consent';
drop index consent_by_customer;
create index consent_by_customer on consent (customer_id, party_id, channel, consent_id desc);
