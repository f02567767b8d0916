-- Whose word it was: what one person allowed serves nobody else. Null: the borrower.

alter table contact_grant add column party_id text;
update ledger_source set open_columns = array_append(open_columns, 'party_id') where table_name = 'contact_grant';
-- A number or address that is somebody else's was allowed by them: most are of messages that came from it.
update contact_grant g set party_id = p.party_id from contact_point p
where p.customer_id = g.customer_id and lower(p.value) = lower(g.contact_point) and p.party_id is not null;
