import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import { addDays } from '../../src/domain/day';
import { saleProblem, type SaleState } from '../../src/domain/ending/sale';
import {
  laterStage,
  type WriteOffFacts,
  writeOffFigures,
  writeOffProblem,
  writeOffToUndo,
} from '../../src/domain/ending/write-off';
import { type LoanFacts, noAmounts, type Payment } from '../../src/domain/loan';
import { nextStep } from '../../src/domain/next-step';
import { openPolicyDocument } from '../../src/policy/policy-document';
import { contentHash } from '../../src/policy/stable-json';
import { sampleFacts, sampleState, tenOClock } from './case-samples';
import { samplePolicy } from './sample-policy';

const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 0,
  buckets: standardBuckets,
  rests: samplePolicy().rests,
};

/** Twelve months of 1 000.00 from the end of January 2026 on. */
function loanWith(payments: readonly Payment[]): LoanFacts {
  const instalments = Array.from({ length: 12 }, (_, index) => ({
    ...{ no: index + 1, dueDay: addDays('2026-01-31', index * 30), due: { ...noAmounts, principal: 100_000 } },
  }));
  return { currency: 'CNY', schedules: [{ no: 1, effectiveFrom: '2026-01-01', instalments }], payments, pauses: [] };
}

let paymentNo = 0;
function paid(valueDay: string, amountMinor: number): Payment {
  paymentNo += 1;
  return { id: `P-${paymentNo}`, kind: 'payment', valueDay, amountMinor, reverses: null };
}

const inForce: WriteOffFacts = { state: 'in-force', undoWaits: false };

describe('a loan may be written off', () => {
  const standing = { rawDpd: 180, outstandingMinor: 5_000 };
  const rule = { fromDpd: 180 };

  it('from the days past due on that the policy names, also again after it was undone or rejected', () => {
    const before: WriteOffFacts[] = [
      { state: 'undone', undoWaits: false },
      { state: 'rejected', undoWaits: false },
    ];
    expect(writeOffProblem(standing, rule, before)).toBeNull();
  });

  it.each([
    ['a day too early', { rawDpd: 179 }, [], 'EndingInvalid'],
    ['when nothing is unpaid', { outstandingMinor: 0 }, [], 'EndingInvalid'],
    ['twice', {}, [inForce], 'AlreadyExists'],
    ['while it waits', {}, [{ state: 'waiting', undoWaits: false } as const], 'AlreadyExists'],
  ])('not %s', (_name, changes, others, type) => {
    expect(writeOffProblem({ ...standing, ...changes }, rule, others)).toMatchObject({ type });
  });
});

describe('a write-off can be undone', () => {
  it('when it is in force, and once', () => {
    expect(writeOffToUndo([{ state: 'undone', undoWaits: false }, inForce])).toBe(inForce);
    expect(() => writeOffToUndo([{ state: 'in-force', undoWaits: true }])).toThrow('waits for a second person');
  });

  it.each(['waiting', 'rejected', 'undone'] as const)('not when it is %s', (state) => {
    expect(() => writeOffToUndo([{ state, undoWaits: false }])).toThrow('no write-off of the loan is in force');
  });
});

describe('what was written off, and what came back', () => {
  const writeOffDay = '2026-09-01';
  const asOf = '2026-12-01';

  it('is all that was owed when the day began, and the money with a value day from that day on', () => {
    const loan = loanWith([paid('2026-08-31', 50_000), paid(writeOffDay, 20_000), paid('2026-10-01', 5_000)]);
    expect(writeOffFigures(loan, writeOffDay, asOf, rules)).toMatchObject({
      ...{ writtenOffMinor: 1_150_000, recoveredMinor: 25_000 },
      recoveries: [{ amountMinor: 20_000 }, { amountMinor: 5_000 }],
    });
  });

  it('is less when money of before is booked late, which is then no recovery', () => {
    const loan = loanWith([paid('2026-08-01', 50_000)]);
    expect(writeOffFigures(loan, writeOffDay, asOf, rules)).toMatchObject({
      ...{ writtenOffMinor: 1_150_000, recoveredMinor: 0, recoveries: [] },
    });
  });

  it('does not count a recovery that bounced', () => {
    const recovery = paid('2026-10-01', 5_000);
    const bounce = { ...paid('2026-10-05', 5_000), kind: 'bounce', reverses: recovery.id } as const;
    const figures = writeOffFigures(loanWith([recovery, bounce]), writeOffDay, asOf, rules);
    expect(figures).toMatchObject({ writtenOffMinor: 1_200_000, recoveredMinor: 0, recoveries: [] });
  });

  it('leaves the claim as it is: written off less recovered is what is owed, whatever was paid and undone', () => {
    const payment = fc.record({
      daysAfter: fc.integer({ min: 0, max: 330 }),
      amountMinor: fc.integer({ min: 1, max: 300_000 }),
      undone: fc.boolean(),
    });
    const property = fc.property(
      fc.array(payment, { maxLength: 8 }),
      fc.integer({ min: 1, max: 330 }),
      (list, offAfter) => {
        const payments = list.flatMap(({ daysAfter, amountMinor, undone }) => {
          const made = paid(addDays('2026-01-05', daysAfter), amountMinor);
          return undone
            ? [made, { ...made, id: `B-${made.id}`, kind: 'reversal' as const, reverses: made.id }]
            : [made];
        });
        const loan = loanWith(payments);
        const day = addDays('2026-01-05', offAfter);
        const { writtenOffMinor, recoveredMinor } = writeOffFigures(loan, day, asOf, rules);
        const before = delinquencyAsOf(loan, addDays(day, -1), rules);
        const now = delinquencyAsOf(loan, asOf, rules);
        const owed = now.outstandingMinor - now.creditMinor;
        expect(writtenOffMinor - before.creditMinor - recoveredMinor).toBe(owed);
      },
    );
    fc.assert(property, { numRuns: 5_000 });
  });
});

describe('collection after a write-off', () => {
  const course = [{ name: 'reminder' }, { name: 'team' }, { name: 'legal' }];

  it.each([
    [null, 'team', 'team'],
    ['legal', 'team', 'legal'],
    ['reminder', null, 'reminder'],
    [null, null, null],
    [null, 'nowhere', null],
  ])('of a case sent to %s, with the stage %s in the policy, goes on to %s', (asked, stage, further) => {
    expect(laterStage(course, asked, stage)).toBe(further);
  });
});

describe('a loan may be sold', () => {
  it.each<[string, SaleState[], string | undefined]>([
    ['2026-03-02', [], undefined],
    ['2026-03-02', ['rejected'], undefined],
    ['2026-03-03', [], 'EndingInvalid'],
    ['2026-03-01', ['sold'], 'AlreadyExists'],
    ['2026-03-01', ['waiting'], 'AlreadyExists'],
  ])('as of %s after %j: %s', (saleDay, others, type) => {
    expect(saleProblem(saleDay, '2026-03-02', others)?.type).toBe(type);
  });

  it('and then its case closes, paused or resting, with steps that are due', () => {
    const facts = sampleFacts({
      sold: true,
      pause: { untilMs: null },
      hold: { untilMs: tenOClock(40), reason: 'promise to pay' },
    });
    expect(nextStep(sampleState(), facts, tenOClock(7))).toMatchObject({ do: 'close', why: 'sold' });
  });
});

describe('a policy', () => {
  it('says who agrees, from when on a loan is written off, and where its case goes then', () => {
    const writeOff = { approval: 'legal', fromDpd: 360, continueCollection: 'team' };
    expect(samplePolicy({ writeOff, sale: { approval: 'legal' } })).toMatchObject({
      writeOff: { approval: 'legal', fromDpd: 360, stage: 'team' },
      sale: { approval: 'legal' },
    });
  });

  it('cannot send it to a stage that is not there', () => {
    const writeOff = { approval: 'legal', fromDpd: 360, continueCollection: 'elsewhere' };
    expect(() => samplePolicy({ writeOff })).toThrow('is none of the stages');
  });

  it('that was published before it could say so is read with what holds where nothing is written', () => {
    const { writeOff, sale, rests, ...policy } = samplePolicy();
    const stored = { format: 1, policy, templates: {} };
    expect(openPolicyDocument(stored, contentHash(stored)).policy).toMatchObject({ writeOff, sale, rests });
  });
});
