-- Of each person's words on a way the latest is in force, whenever it was written down; and who wrote it down is kept.

alter table consent add column actor text;
update ledger_source set open_columns = array_append(open_columns, 'actor') where table_name = 'consent';
drop index consent_by_customer;
create index consent_by_customer on consent (customer_id, party_id, channel, at desc, consent_id desc);

-- Words of the future were taken until now, and held nothing back until then. They were said when they were written down.
insert into consent (customer_id, party_id, channel, state, source, at)
select customer_id, party_id, channel, state, source, recorded_at from consent, bank_clock
where at > now() + ahead_ms * interval '1 millisecond' and seal is not null
order by consent_id;
