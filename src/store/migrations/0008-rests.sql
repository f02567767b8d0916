-- A pause says why it is, because the reason decides what rests; one without an end says when somebody looks at it.

alter table pause
  -- Set where the end is open: from this day on a supervisor has a review to do.
  add column review_on date;

create or replace view effective_pause as
select pause_id, loan_id, from_day, least(until_day, resumed_on) as until_day, reason from pause
where coalesce(least(until_day, resumed_on) > from_day, true);
