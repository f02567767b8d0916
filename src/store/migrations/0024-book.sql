-- A book reads the payments of all loans in the order of the loans. With the amounts in the index that is one pass over it;
-- without them each payment costs a look into the table, where they lie in the order in which they came.
drop index payment_by_loan;
create index payment_by_loan on payment (loan_id, value_on) include (kind, amount_minor);
