-- The end of pauses of many loans is agreed to and carried out as a pause of many loans is: on `from_day`, for those that were paused.

alter table bulk_pause add column resumes boolean not null default false;
alter table bulk_pause alter column reason drop not null;
-- Without a reason, pauses for every reason end.
alter table bulk_pause add constraint bulk_pause_says_why check (resumes or reason is not null);
alter table bulk_pause drop constraint bulk_pause_check1;
alter table bulk_pause add constraint bulk_pause_review check (
  case when resumes then until_day is null and review_on is null else (review_on is null) = (until_day is not null) end);
