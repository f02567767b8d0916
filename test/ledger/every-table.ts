import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Loan } from '../../src/store/loans';
import { addOpenCase } from '../store/samples';

/** An open case with one row in every table that the ledger attests, but for `purge`, written through the real triggers. */
export async function addEveryRow(owner: Pool): Promise<Loan> {
  const loan = await addOpenCase(owner);
  const [customer, ofCase] = [`'${loan.customerId}'`, `'${loan.loanId}', 1`];
  const id = (): string => `'${randomUUID()}'`;
  const writeOff = id();
  await owner.query(`
    insert into contact (contact_id, contact_key, customer_id, loan_id, case_no, loan_ids, channel, purpose, template,
        language, contact_point, state, at, body, content_hash, verdict, made_by, outcome)
      values (${id()}, 'k/' || ${id()}, ${customer}, ${ofCase}, '{L}', 'sms', 'reminder', 'first', 'en', '+447700900123',
        'delivered', '2026-03-04T02:00Z', 'Robin Example, pay.', 'h', '{"rules": ["R"], "to": "+447700900123"}', 'arrears',
        'Robin said yes');
    insert into case_event (loan_id, case_no, at, kind, actor, reason, data)
      values (${ofCase}, '2026-03-04T02:00Z', 'noted', 'arrears', 'a step', '{"a": 1}');
    insert into contact_decision (contact_key, customer_id, loan_id, channel, purpose, kind, at, rules, reason, evidence)
      values ('k', ${customer}, '${loan.loanId}', 'sms', 'reminder', 'denied', '2026-03-04T14:00Z', '{R}', 'too late',
        '{"packs": [], "to": "+447700900123"}');
    insert into consent (customer_id, channel, state, source, at)
      values (${customer}, 'sms', 'opted-out', 'said so', '2026-02-01T01:00Z');
    insert into contact_grant (customer_id, kind, channel, contact_point, at, evidence, actor)
      values (${customer}, 'contact', 'sms', '+447700900123', '2026-02-01T01:00Z', 'form', 'desk');
    insert into contact_flag (customer_id, flag, loan_id, from_at, evidence, actor, handler, from_day)
      values (${customer}, 'dispute', '${loan.loanId}', '2026-03-02T01:00Z', 'letter', 'desk', 'jane', '2026-03-02');
    insert into inconvenient_time (customer_id, start_time, end_time, evidence, actor)
      values (${customer}, '12:00', '13:00', 'said so', 'desk');
    insert into contact_milestone (customer_id, loan_id, event, at, evidence, actor)
      values (${customer}, '${loan.loanId}', 'validation-notice', '2026-03-03T01:00Z', 'letter', 'desk');
    insert into legal_hold (hold_id, customer_id, loan_id, reason, set_by, set_at, cleared_by, cleared_at, clear_reason)
      values (${id()}, ${customer}, null, 'suit', 'counsel', '2026-03-03T01:00Z', 'counsel', '2026-03-04T01:00Z', 'over');
    insert into data_request (request_id, customer_id, kind, received_at, due_on, rule, taken_by)
      values (${id()}, ${customer}, 'access', '2026-03-03T01:00Z', '2026-04-03', 'R', 'desk');
    insert into cause (cause_id, loan_id, case_no, code, from_day, heard_at, source, actor)
      values (${id()}, ${ofCase}, 'illness', '2026-03-01', '2026-03-03T01:00Z', 'api', 'jane');
    insert into arrangement (arrangement_id, loan_id, case_no, kind, terms, reason, actor, proposed_on)
      values (${id()}, ${ofCase}, 'extension', '{"a": 1}', 'illness', 'jane', '2026-03-01');
    insert into write_off (write_off_id, loan_id, case_no, reason, evidence, raw_dpd, outstanding_minor, proposed_by, proposed_at)
      values (${writeOff}, ${ofCase}, 'uncollectable', '{D-1}', 400, 5000, 'jane', '2026-03-03T01:00Z');
    insert into write_off_undo (undo_id, write_off_id, loan_id, case_no, proposed_by, proposed_at)
      values (${id()}, ${writeOff}, ${ofCase}, 'jane', '2026-03-04T01:00Z');
    insert into sale (sale_id, loan_id, case_no, buyer, sale_day, price_minor, notice_evidence, outstanding_minor,
        proposed_by, proposed_at)
      values (${id()}, ${ofCase}, 'A buyer', '2026-03-05', 100, '{D-2}', 5000, 'jane', '2026-03-04T01:00Z');
    insert into waiver (waiver_id, loan_id, case_no, on_day, penalty_minor, fee_minor, interest_minor, asked_by)
      values (${id()}, ${ofCase}, '2026-03-05', 1, 2, 3, 'jane');
    insert into promise (promise_id, loan_id, case_no, given_day, given_at, source, actor)
      values (${writeOff}, ${ofCase}, '2026-03-05', '2026-03-05T01:00Z', 'api', 'jane');
    insert into promise_part (promise_id, part_no, due_day, amount_minor) values (${writeOff}, 1, '2026-03-09', 700)`);
  return loan;
}
