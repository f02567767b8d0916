import type { Pool } from 'pg';

export const chains = 200;

/**
 * Two hundred borrowers with a loan and a case each, written in bulk through the real triggers: 10,000 entries in 400 chains.
 * All people and numbers are invented.
 */
export async function fillLedger(owner: Pool): Promise<void> {
  await owner.query(`
    insert into policy (policy_id, version, content_hash, document, published_by) values ('bulk', '1', 'h', '{}', 'test');
    insert into customer (customer_id, name, language, timezone)
      select 'C-' || lpad(n::text, 4, '0'), 'Robin Example', 'en', 'Asia/Shanghai' from generate_series(1, ${chains}) n;
    insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
      select replace(customer_id, 'C', 'L'), customer_id, 'personal', 'CNY', 100000, '2026-01-01', 'low', 'north'
      from customer;
    insert into loan_case (loan_id, case_no, customer_id, policy_id, policy_version, opened_at, opened_dpd, stage, raw_dpd,
        effective_dpd, overdue_minor)
      select loan_id, 1, customer_id, 'bulk', '1', '2026-03-01T01:00Z', 1, 'reminder', 1, 1, 5000 from loan;
    insert into consent (customer_id, channel, state, source, at)
      select customer_id, channel, 'opted-in', 'asked on the phone', '2026-02-01T01:00Z'
      from customer, unnest(array['sms', 'email', 'call', 'visit']) channel;
    insert into contact_grant (customer_id, kind, channel, contact_point, at, evidence, actor)
      select customer_id, 'contact', 'sms', '+447700900123', '2026-02-01T01:00Z', 'form of 1 February', 'desk' from customer;
    insert into contact_flag (customer_id, flag, loan_id, from_at, evidence, actor)
      select customer_id, 'dispute', loan_id, '2026-03-02T01:00Z', 'letter of 1 March', 'desk' from loan;
    insert into inconvenient_time (customer_id, start_time, end_time, evidence, actor)
      select customer_id, '12:00', '13:00', 'said so', 'desk' from customer;
    insert into contact_milestone (customer_id, loan_id, event, at, evidence, actor)
      select customer_id, loan_id, 'validation-notice', '2026-03-03T01:00Z', 'letter', 'desk' from loan;
    insert into contact (contact_id, contact_key, customer_id, loan_id, case_no, loan_ids, channel, purpose, template,
        language, contact_point, state, at, subject, body, content_hash, verdict, made_by)
      select gen_random_uuid(), loan_id || '/1/reminder/' || n, customer_id, loan_id, 1, array[loan_id], 'sms', 'reminder',
        'first-reminder', 'en', '+447700900123', 'reserved', timestamptz '2026-03-04T02:00Z' + n * interval '1 day', null,
        'Robin Example, instalment ' || n || ' is due.', md5(n::text), '{"rules": ["HOUSE-HOURS"]}', 'arrears'
      from loan, generate_series(1, 9) n order by loan_id, n;
    update contact set state = 'placed', provider_id = 'SM' || md5(contact_id::text);
    insert into contact_decision (contact_key, customer_id, loan_id, channel, purpose, kind, at, rules, reason, evidence)
      select loan_id || '/1/reminder/no-' || n, customer_id, loan_id, 'sms', 'reminder', 'denied', '2026-03-04T14:00Z',
        array['CN-HOURS'], 'too late', '{"packs": []}'
      from loan, generate_series(1, 4) n order by loan_id, n;
    insert into case_event (loan_id, case_no, at, kind, actor, reason, data)
      select loan_id, 1, timestamptz '2026-03-04T02:00Z' + n * interval '1 hour', 'noted', 'arrears', 'step ' || n, '{}'
      from loan, generate_series(1, 20) n order by loan_id, n;`);
}
