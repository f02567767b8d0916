-- Who ended what is known of a person, and why. What was known until then stays on record.
alter table contact_flag
  add column ended_by text,
  add column end_reason text,
  add constraint contact_flag_end check ((ended_by is null) = (end_reason is null));
alter table contact_grant
  add column ended_by text,
  add column end_reason text,
  add constraint contact_grant_end check ((ended_by is null) = (end_reason is null));
alter table inconvenient_time
  add column ended_by text,
  add column end_reason text,
  add constraint inconvenient_time_end check ((ended_by is null) = (end_reason is null));
