-- The words that a machine heard in a call are added to it, once. Whoever writes before their number is known is found by it.

create or replace function refuse_other_words() returns trigger language plpgsql as $$
begin
  if (new.contact_id, new.contact_key, new.customer_id, new.loan_id, new.case_no, new.channel, new.made_by)
      is distinct from (old.contact_id, old.contact_key, old.customer_id, old.loan_id, old.case_no, old.channel, old.made_by)
    or current_setting('arrears.purging', true) is distinct from 'on'
      and not (old.state = 'released' or old.state = 'reserved' and old.handed_at is null)
      and ((new.contact_point, new.subject, new.seal) is distinct from (old.contact_point, old.subject, old.seal)
        or (new.body, new.content_hash) is distinct from (old.body, old.content_hash)
          and not (old.channel = 'call' and old.body is null and old.content_hash is null)) then
    raise exception 'what a contact said, and to whom, never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create index inbound_message_by_sender on inbound_message (lower(sender));
