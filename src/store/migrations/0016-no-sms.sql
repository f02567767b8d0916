-- A number that no SMS arrives at may still be called.
alter table contact_point add column takes_sms boolean not null default true;
