-- A proposal that is taken back waits for nobody: its approval is withdrawn, by whoever took it back, the proposer among them.

alter table approval drop constraint approval_state_check;
alter table approval add constraint approval_state_check check (state in ('waiting', 'approved', 'rejected', 'withdrawn'));
alter table approval drop constraint approval_check;
alter table approval add constraint approval_takes_two check (state = 'withdrawn' or decided_by <> proposed_by);

-- Those of arrangements that were cancelled before they could be.
update approval p set state = 'withdrawn', decided_by = a.cancelled_by, decided_at = a.cancelled_on
from arrangement a
where p.kind = 'arrangement' and p.state = 'waiting' and a.arrangement_id = p.subject_id and a.cancelled_on is not null;
