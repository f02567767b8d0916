import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetentionRule } from '../../src/domain/contact/rule';
import { addDays } from '../../src/domain/day';
import { answerDataRequest, receiveDataRequest } from '../../src/retention/data-requests';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { purgeDue } from '../../src/retention/purge';
import { closeCase } from '../../src/store/cases';
import { isPurged } from '../../src/store/retention';
import type { Loan } from '../../src/store/loans';
import { addOpenCase } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { retailKeeping } from './record-keeping';

let database: TestDatabase;
let keeping: RecordKeeping;
const endDay = '2026-05-04';
/** Five years from the last record of the case, which was closed the day after. */
const keptUntil = '2031-05-05';
const at = (day: string): number => Date.parse(`${day}T04:00:00Z`);

beforeAll(async () => {
  database = await createTestDatabase();
  keeping = await retailKeeping(database.pool);
});
afterAll(() => database.drop());

const close = (loan: Loan, reason: 'sold' | 'arrears-cleared'): Promise<unknown> =>
  closeCase(database.pool, loan.loanId, 1, { closedAtMs: at(addDays(endDay, 1)), reason });

/** Everything is owed, but to somebody else. */
async function soldLoan(): Promise<Loan> {
  const { owner, pool } = database;
  const loan = await addOpenCase(pool);
  const saleId = randomUUID();
  await owner.query(
    `insert into sale (sale_id, loan_id, case_no, buyer, sale_day, price_minor, notice_evidence, outstanding_minor,
       proposed_by, proposed_at) values ($1, $2, 1, 'AMC', $3, 1000, '{}', 303000, 'jane', now())`,
    [saleId, loan.loanId, endDay],
  );
  await owner.query(
    `insert into approval (approval_id, kind, subject_id, loan_id, case_no, role, terms, state, proposed_by, proposed_at,
       decided_by, decided_at)
     values (gen_random_uuid(), 'sale', $1, $2, 1, 'supervisor', '{}', 'approved', 'jane', now(), 'ann', now())`,
    [saleId, loan.loanId],
  );
  await close(loan, 'sold');
  return loan;
}

/** Nothing is owed any more, and nothing was ever paid: a corrected schedule asks for nothing. */
async function creditedLoan(): Promise<Loan> {
  const { owner, pool } = database;
  const loan = await addOpenCase(pool);
  await owner.query('insert into schedule (loan_id, schedule_no, effective_from) values ($1, 2, $2)', [
    loan.loanId,
    endDay,
  ]);
  await owner.query(
    `insert into instalment (loan_id, schedule_no, instalment_no, due_on) values ($1, 2, 1, '2026-06-01')`,
    [loan.loanId],
  );
  await close(loan, 'arrears-cleared');
  return loan;
}

async function purge(day: string, { packs } = keeping): Promise<string[]> {
  const all: string[] = [];
  await purgeDue(database.pool, { ...keeping, packs }, at(day), {
    dryRun: true,
    onPurged: ({ loanId }) => all.push(loanId ?? 'a person'),
  });
  return all;
}

async function erase({ customerId }: Loan, day: string): Promise<void> {
  const asked = { customerId, kind: 'erasure', receivedAtMs: at(day) } as const;
  const { requestId } = await receiveDataRequest(database.pool, keeping, asked, 'leo');
  await answerDataRequest(database.pool, keeping, { customerId, requestId, actor: 'leo', note: null }, at(day));
}

describe.each([
  ['a loan that was sold', soldLoan],
  ['a loan that was wholly credited, without any payment', creditedLoan],
])('%s', (_name, ended) => {
  it('is settled: its case goes when its time is over, and an erasure is held until then by the duty to keep it', async () => {
    const loan = await ended();
    expect(await purge(keptUntil)).not.toContain(loan.loanId);
    expect(await purge(addDays(keptUntil, 1))).toContain(loan.loanId);
    await expect(erase(loan, keptUntil)).rejects.toThrow(/retention-duty/);
    await erase(loan, addDays(keptUntil, 1));
    expect(await isPurged(database.pool, loan.customerId)).toBe(true);
  });
});

describe('a rule that says for how long at most', () => {
  it('is kept to: the case is looked at when that time is over, not when the longest rule is', async () => {
    const { loanId } = await soldLoan();
    const base = { kind: 'retention', class: 'record', channels: ['sms'], why: 'kept' } as const;
    const rules: RetentionRule[] = [
      { ...base, id: 'LONG', keepYears: 5, clockStart: 'settlement' },
      { ...base, id: 'MOST', keepYears: 1, keepYearsMax: 2, clockStart: 'settlement' },
    ];
    const [pack] = keeping.packs;
    const packs = [{ ...pack!, rules }];
    expect(await purge('2028-05-04', { ...keeping, packs })).not.toContain(loanId);
    // Closed after it was sold, it may be found some days late, but not years.
    expect(await purge('2028-05-06', { ...keeping, packs })).toContain(loanId);
  });
});
