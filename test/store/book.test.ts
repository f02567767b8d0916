import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { type BookAsOf, readBook } from '../../src/cases/read-book';
import { delinquencyRules } from '../../src/cases/read-facts';
import { classify } from '../../src/domain/classification/classify';
import type { Day } from '../../src/domain/day';
import { delinquencyAsOf } from '../../src/domain/delinquency';
import type { LoanFacts, Payment, Settlement } from '../../src/domain/loan';
import type { Policy } from '../../src/domain/policy';
import { openPolicyDocument } from '../../src/policy/policy-document';
import { contentHash } from '../../src/policy/stable-json';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { inTransaction } from '../../src/store/database';
import { publishPolicy, getPolicy, latestPolicy } from '../../src/store/policies';
import { anyPayments, anySchedule, anySchedules } from '../domain/loan-arbitraries';
import { createTestDatabase, type TestDatabase } from '../support/database';

const today: Day = '2027-04-30';
const customersCount = 1_250;

interface GeneratedLoan {
  readonly loanId: string;
  readonly customerId: string;
  readonly product: string;
  readonly currency: string;
  readonly disbursedDay: Day;
  readonly facts: LoanFacts;
}

// Most loans of a bank are their contract and payments; some are not.
const anyFacts: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: fc.oneof(
    { weight: 6, arbitrary: anySchedule.map((one) => [one]) },
    { weight: 1, arbitrary: anySchedules },
  ),
  payments: anyPayments.map((list) => list.map(storable)),
  pauses: fc.constant([]),
  settlements: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 60_000 }).map((amountMinor): Settlement[] => {
        return [{ from: '2026-03-01', until: '2026-06-01', amountMinor }];
      }),
    },
  ),
});
const anyCustomer = fc.array(
  fc.record({
    facts: anyFacts,
    product: fc.constantFrom('card', 'personal'),
    currency: fc.constantFrom('CNY', 'CNY', 'USD'),
    disbursedDay: fc.constantFrom('2025-12-15', '2025-12-15', '2026-01-10'),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Corrections need a receipt; for the loan they are the same as a reversal. */
function storable(one: Payment): Payment {
  return one.kind === 'correction' ? { ...one, kind: 'reversal' } : one;
}

let database: TestDatabase;
let loans: readonly GeneratedLoan[];
beforeAll(async () => {
  database = await createTestDatabase();
  await publishPolicyFile(database.pool, 'policies/retail.yaml', 'test');
  loans = fc.sample(anyCustomer, { numRuns: customersCount, seed: 5 }).flatMap((list, person) =>
    list.map(({ facts, ...rest }, at) => {
      const loanId = `L-${(person * 7919) % customersCount}-${at}`;
      return { ...rest, loanId, customerId: `C-${person}`, facts: { ...facts, currency: rest.currency } };
    }),
  );
  await store(database, loans);
});
afterAll(() => database.drop());

function bookAs(policyId: string, asOf: Day): Promise<BookAsOf> {
  const clock = { nowMs: () => Promise.resolve(Date.parse(`${today}T04:00:00Z`)) };
  return readBook({ pool: database.pool, policies: createPublishedPolicies(), policyId, clock }, asOf);
}

async function policyOf(policyId: string): Promise<Policy> {
  const stored = await latestPolicy(database.pool, policyId);
  assert.ok(stored);
  return openPolicyDocument(stored.document, stored.contentHash).policy;
}

/** The retail policy with other sections, under another id. */
async function publishWith(policyId: string, sections: Partial<Policy>): Promise<void> {
  const { version } = await policyOf('retail');
  const stored = await getPolicy(database.pool, 'retail', version);
  assert.ok(stored);
  const { policy, ...rest } = stored.document as { policy: Policy };
  const document = { ...rest, policy: { ...policy, ...sections, id: policyId } };
  await publishPolicy(database.pool, {
    ...{ policyId, version, contentHash: contentHash(document), document, publishedBy: 'test' },
  });
}

describe('the book of several thousand generated loans', () => {
  it.each(['2026-01-09', '2026-03-01', '2026-05-17', '2026-08-31', '2027-02-19', today])(
    'is on %s the sum of what the full rules say of each loan',
    async (asOf) => {
      assert.ok(loans.length > 2_000);
      assert.deepEqual(flat(await bookAs('retail', asOf)), expected(loans, asOf, await policyOf('retail')));
    },
  );

  it('is that under an order of payment too that has no fast way', async () => {
    const order = { by: 'component', components: ['principal', 'interest', 'fee', 'penalty'] } as const;
    await publishWith('by-component', { allocation: order });
    const policy = await policyOf('by-component');
    assert.deepEqual(flat(await bookAs('by-component', '2026-08-31')), expected(loans, '2026-08-31', policy));
  });

  it('is that under a policy that charges for paying late and has another order for bad debts', async () => {
    const charges = { graceDays: 3, lateFeeMinor: 500, penaltyInterest: null, caps: { totalMinor: 900 } };
    const components = ['principal', 'interest', 'fee', 'penalty'] as const;
    const { allocation } = await policyOf('retail');
    const nonPerforming = { by: 'component', components, fromDpd: 91 } as const;
    await publishWith('charging', { charges, allocation: { ...allocation, nonPerforming } });
    const policy = await policyOf('charging');
    assert.deepEqual(flat(await bookAs('charging', '2026-06-30')), expected(loans, '2026-06-30', policy));
    // The full rules reckon the charges of every loan day by day, which takes minutes on a slow machine.
  }, 400_000);
});

type Sums = Record<string, { loans: number; overdueMinor: number; outstandingMinor: number; provisionMinor: number }>;

/** Every figure that is not zero, under the place where it is counted. */
function flat({ products }: BookAsOf): Sums {
  const sums: Sums = {};
  for (const { currency, product, buckets, classes, paidOffLoans, nonAccrual } of products) {
    const lines = [
      ...buckets.map(({ bucket, ...rest }) => ({ name: bucket, ...rest })),
      ...classes.map(({ class: name, ...rest }) => ({ name, ...rest })),
      { name: 'non-accrual', ...nonAccrual },
      { name: 'paid off', loans: paidOffLoans, overdueMinor: 0, outstandingMinor: 0, provisionMinor: 0 },
    ];
    for (const { name, loans: count, overdueMinor, outstandingMinor, provisionMinor } of lines) {
      if (count > 0) {
        sums[`${currency} ${product} ${name}`] = { loans: count, overdueMinor, outstandingMinor, provisionMinor };
      }
    }
  }
  return sums;
}

function expected(all: readonly GeneratedLoan[], asOf: Day, policy: Policy): Sums {
  const sums: Sums = {};
  const rules = delinquencyRules(policy);
  for (const loan of all) {
    if (loan.disbursedDay > asOf) continue;
    const others = all.filter(({ customerId }) => customerId === loan.customerId);
    const delinquency = delinquencyAsOf(loan.facts, asOf, rules);
    const classified = classify(
      {
        facts: loan.facts,
        outstandingPrincipalMinor: delinquency.outstanding.principal,
        others: others.filter((other) => other !== loan && other.disbursedDay <= asOf).map(({ facts }) => facts),
      },
      asOf,
      rules,
      policy.classification ?? assert.fail(),
    );
    const { overdueMinor, outstandingMinor, bucket } = delinquency;
    const isOwed = outstandingMinor > 0;
    const names = isOwed ? [bucket, classified.class, ...(classified.nonAccrual ? ['non-accrual'] : [])] : ['paid off'];
    for (const name of names) {
      const none = { loans: 0, overdueMinor: 0, outstandingMinor: 0, provisionMinor: 0 };
      const line = (sums[`${loan.currency} ${loan.product} ${name}`] ??= none);
      line.loans += 1;
      line.overdueMinor += overdueMinor;
      line.outstandingMinor += outstandingMinor;
      line.provisionMinor += isOwed ? classified.provisionMinor : 0;
    }
  }
  return sums;
}

/** As rows, without the keys and triggers that ask for cases around them. */
async function store({ owner }: TestDatabase, all: readonly GeneratedLoan[]): Promise<void> {
  await inTransaction(owner, async (db) => {
    await db.query('set local session_replication_role = replica');
    const put = (text: string, rows: readonly object[]) => db.query(text, [JSON.stringify(rows)]);
    await put(
      `insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
       select l, c, p, m, 100, d, 'low', 'north' from json_to_recordset($1) as r(l text, c text, p text, m text, d date)`,
      all.map(({ loanId, customerId, product, currency, disbursedDay }) => {
        return { l: loanId, c: customerId, p: product, m: currency, d: disbursedDay };
      }),
    );
    const schedules = all.flatMap(({ loanId, facts }) => facts.schedules.map((schedule) => ({ loanId, schedule })));
    await put(
      `insert into schedule (loan_id, schedule_no, effective_from)
       select l, n, d from json_to_recordset($1) as r(l text, n int, d date)`,
      schedules.map(({ loanId, schedule: { no, effectiveFrom } }) => ({ l: loanId, n: no, d: effectiveFrom })),
    );
    await put(
      `insert into instalment (loan_id, schedule_no, instalment_no, due_on, principal_minor, interest_minor, fee_minor,
         penalty_minor)
       select l, s, n, d, principal, interest, fee, penalty from json_to_recordset($1)
         as r(l text, s int, n int, d date, principal bigint, interest bigint, fee bigint, penalty bigint)`,
      schedules.flatMap(({ loanId, schedule }) =>
        schedule.instalments.map(({ no, dueDay, due }) => ({ l: loanId, s: schedule.no, n: no, d: dueDay, ...due })),
      ),
    );
    await put(
      `insert into payment (payment_id, loan_id, kind, amount_minor, currency, value_on, reverses)
       select l || i, l, k, a, 'CNY', d, l || r from json_to_recordset($1)
         as x(l text, i text, k text, a bigint, d date, r text)`,
      all.flatMap(({ loanId, facts }) =>
        facts.payments.map(({ id, kind, amountMinor, valueDay, reverses }) => {
          return { l: loanId, i: id, k: kind, a: amountMinor, d: valueDay, r: reverses };
        }),
      ),
    );
    await put(
      `insert into arrangement (arrangement_id, loan_id, case_no, kind, terms, effective_from, proposed_on, reason, actor)
       select 'A-' || l, l, 1, 'settlement', t, f, f, 'test', 'test' from json_to_recordset($1) as r(l text, f date, t jsonb)`,
      all.flatMap(({ loanId, facts }) =>
        (facts.settlements ?? []).map(({ from, ...terms }) => ({ l: loanId, f: from, t: terms })),
      ),
    );
  });
}
