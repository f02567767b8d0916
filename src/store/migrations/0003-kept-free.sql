-- Keeps the number until the change that has it is merged; it is deleted then.
select 1;
