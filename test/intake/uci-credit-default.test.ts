import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { type DelinquencyRules, delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import type { LoanFacts } from '../../src/domain/loan';
import { uciRows } from '../../src/intake/demo-portfolio';
import { readAccount, type UciAccount } from '../../src/intake/uci-credit-default';
import { codeAgrees } from '../../src/intake/uci-levels';
import { type UciRow, uciMonths } from '../../src/intake/uci-row';

const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 0,
  buckets: standardBuckets,
};

const rows: UciRow[] = [];
beforeAll(async () => {
  for await (const row of uciRows(join(__dirname, '../../data/uci-credit-default.csv'))) rows.push(row);
});

function factsOf({ loan, instalments, payments }: UciAccount): LoanFacts {
  return {
    currency: loan.currency,
    pauses: [],
    schedules: [
      {
        no: 1,
        effectiveFrom: loan.disbursed_on,
        instalments: instalments.map((row) => ({
          no: row.instalment_no,
          dueDay: row.due_on,
          due: { penalty: 0, fee: 0, interest: row.interest_minor, principal: row.principal_minor },
        })),
      },
    ],
    payments: payments.map((row) => ({
      id: row.payment_id,
      kind: row.kind,
      valueDay: row.value_on,
      amountMinor: row.amount_minor,
      reverses: row.reverses,
    })),
  };
}

/** Account-months whose bucket by our rules is what the file's code says, and the others by month, code and bucket. */
function compare(asOf: string): { agree: number; differ: Record<string, number>; unsaid: number } {
  const differ: Record<string, number> = {};
  let agree = 0;
  let unsaid = 0;
  for (const row of rows) {
    const account = readAccount(row, { asOf });
    const facts = factsOf(account);
    for (const [at, month] of uciMonths.entries()) {
      const code = row.codes[at]!;
      const bucket = delinquencyAsOf(facts, account.observed[at]!, rules).bucket;
      const level = standardBuckets.findIndex(({ name }) => name === bucket);
      const said = account.disagreements.find((disagreement) => disagreement.month === month);
      if (codeAgrees(at, code, level)) agree++;
      else {
        const key = `${said?.cause ?? 'unsaid'}: ${month} code ${Math.max(0, code)} is ${bucket}`;
        differ[key] = (differ[key] ?? 0) + 1;
      }
      // What the reader says of itself must be what our rules find, month by month.
      if (codeAgrees(at, code, level) ? said !== undefined : said?.bucket !== bucket) unsaid++;
    }
  }
  return { agree, differ, unsaid };
}

describe('each of 23,917 accounts stands, in each of six months, where the file says', () => {
  it('holds the accounts that the numbers below are about', () => {
    expect(rows).toHaveLength(23_917);
  });

  it.each([
    [
      '2026-11-23',
      143_454,
      {
        'due-day-conflict: 2005-04 code 0 is M1': 8,
        'due-day-conflict: 2005-05 code 0 is M1': 2,
        'due-day-conflict: 2005-06 code 0 is M1': 32,
        'due-day-conflict: 2005-06 code 3 is M2': 2,
        'due-day-conflict: 2005-09 code 1 is M0': 4,
      },
    ],
    [
      // February makes two months of 59 days, in which nobody gets from M0 to M3.
      '2026-03-31',
      143_306,
      {
        'due-day-conflict: 2005-04 code 0 is M1': 13,
        'faster-than-days: 2005-04 code 0 is M1': 13,
        'faster-than-days: 2005-05 code 0 is M1': 19,
        'faster-than-days: 2005-06 code 0 is M1': 100,
        'faster-than-days: 2005-07 code 0 is M1': 47,
        'faster-than-days: 2005-08 code 3 is M2': 1,
        'faster-than-days: 2005-08 code 4 is M3': 2,
        'faster-than-days: 2005-08 code 5 is M4': 1,
      },
    ],
  ])('as of %s: %i of 143,502 account-months agree, and the reader names each of the others', (asOf, agree, differ) => {
    expect(compare(asOf)).toEqual({ agree, differ, unsaid: 0 });
  });

  it('agrees in all but 25 account-months on the calendar of the file itself', () => {
    const found = rows.flatMap((row) => readAccount(row, { asOf: '2005-09-30' }).disagreements);
    expect(found).toHaveLength(25);
    expect(new Set(found.map(({ cause, bucket }) => `${cause} ${bucket}`))).toEqual(new Set(['due-day-conflict M1']));
  });

  it('does worst where the last month has 30 days: who is not late at its beginning cannot be 31 days late at its end', () => {
    const found = rows.flatMap((row) => readAccount(row, { asOf: '2026-10-15' }).disagreements);
    const jumps = found.filter(({ month, code, bucket }) => month === '2005-09' && code === 2 && bucket === 'M1');
    expect({ all: found.length, jumps: jumps.length }).toEqual({ all: 800, jumps: 781 });
    expect(new Set(jumps.map(({ cause }) => cause))).toEqual(new Set(['faster-than-days']));
  });
});

describe('an account of the file as a loan', () => {
  const late: UciRow = {
    id: 17,
    limitTwd: 20_000,
    codes: [0, 0, 2, 2, 3, 2],
    billsTwd: [900, 1_000, 1_200, 1_100, 900, 800],
  };

  it('adds up: the instalments repay the principal, and the payments are whole instalments up to the day', () => {
    const { loan, instalments, payments } = readAccount(late, { asOf: '2026-11-23' });
    expect(loan).toMatchObject({ loan_id: 'UCI-00017', customer_id: 'C-00017', currency: 'CNY', risk_tier: 'high' });
    expect(instalments.reduce((sum, row) => sum + row.principal_minor, 0)).toBe(loan.principal_minor);
    const paidMinor = payments.reduce((sum, row) => sum + row.amount_minor, 0);
    const sumsMinor = instalments.map((_, at) =>
      instalments.slice(0, at + 1).reduce((sum, row) => sum + row.principal_minor + row.interest_minor, 0),
    );
    expect(sumsMinor).toContain(paidMinor);
    expect(payments.every((row) => row.value_on <= '2026-11-23')).toBe(true);
    expect(readAccount(late, { asOf: '2026-11-23' }).disagreements).toEqual([]);
  });

  it('says so when the codes of two months lie further apart than the days between them', () => {
    const { disagreements } = readAccount({ ...late, codes: [0, 0, 3, 0, 0, 0] }, { asOf: '2026-11-23' });
    expect(disagreements).toEqual([
      {
        month: '2005-06',
        code: 3,
        bucket: 'M1',
        cause: 'faster-than-days',
        why: 'code 0 in 2005-05 and 3 in 2005-06: 61 days past due cannot be reached in the 31 days between',
      },
    ]);
  });
});
