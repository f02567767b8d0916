import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { anchorDay } from '../src/ledger/anchor';
import { verifyLedger } from '../src/ledger/verify';
import { createPool } from '../src/store/database';
import { migrate } from '../src/store/migrate';
import { type Figure, median } from './figure';
import type { House } from './house';

const cases = 2_000;
const roundsCount = 3;

/** How many entries and rows `ledger verify` checks in a second, over the chains of 2,000 cases. */
export async function measureLedger({ engine }: House): Promise<Figure> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const server = createPool(engine.databaseUrl, { applicationName: 'arrears-bench', as: 'owner', max: 1 });
  const url = new URL(engine.databaseUrl);
  url.pathname = `/${name}`;
  await server.query(`create database ${name} template template0`);
  const owner = createPool(url.href, { applicationName: 'arrears-bench', as: 'owner', statementTimeoutMs: 0 });
  try {
    await migrate(owner);
    await fill(owner);
    await anchorDay(owner, '2026-03-20');
    const rounds: number[] = [];
    for (let no = 0; no < roundsCount; no += 1) rounds.push(await verifiedPerSecond(owner));
    const target = { atLeast: 10_000 };
    const ours = median(rounds);
    return { name: 'ledger verify', unit: 'rows/s', ours, raw: null, ratio: null, target, judged: 'ours', rounds };
  } finally {
    await owner.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

async function verifiedPerSecond(pool: Pool): Promise<number> {
  const startMs = performance.now();
  const { entries, rows, findings } = await verifyLedger(pool, { onFinding: () => undefined });
  if (findings > 0) throw new Error(`${findings} findings in a ledger that nobody touched`);
  return ((entries + rows) / (performance.now() - startMs)) * 1000;
}

/** Through the real triggers: 10 contacts with their outcome and 20 events per case. */
async function fill(owner: Pool): Promise<void> {
  await owner.query(`
    insert into policy (policy_id, version, content_hash, document, published_by) values ('bulk', '1', 'h', '{}', 'bench');
    insert into customer (customer_id, name, language, timezone)
      select 'C-' || n, 'Robin Example', 'en', 'Asia/Shanghai' from generate_series(1, ${cases}) n;
    insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
      select replace(customer_id, 'C', 'L'), customer_id, 'personal', 'CNY', 100000, '2026-01-01', 'low', 'north'
      from customer;
    insert into loan_case (loan_id, case_no, customer_id, policy_id, policy_version, opened_at, opened_dpd, stage, raw_dpd,
        effective_dpd, overdue_minor)
      select loan_id, 1, customer_id, 'bulk', '1', '2026-03-01T01:00Z', 1, 'reminder', 1, 1, 5000 from loan;
    insert into contact (contact_id, contact_key, customer_id, loan_id, case_no, loan_ids, channel, purpose, contact_point,
        state, at, body, verdict, made_by)
      select gen_random_uuid(), loan_id || '/' || n, customer_id, loan_id, 1, array[loan_id], 'sms', 'reminder',
        '+447700900123', 'reserved', '2026-03-04T02:00Z', 'Your instalment is due.', '{"rules": ["HOUSE-HOURS"]}', 'bench'
      from loan, generate_series(1, 10) n;
    update contact set state = 'placed';
    insert into case_event (loan_id, case_no, at, kind, actor, reason, data)
      select loan_id, 1, '2026-03-04T02:00Z', 'noted', 'bench', 'step ' || n, '{}' from loan, generate_series(1, 20) n;
    analyze`);
}
