import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadLoanFacts, loadLoanFactsOfCustomer } from '../../src/store/loan-facts';
import { addSchedule, getLoan, putLoan } from '../../src/store/loans';
import { addPause } from '../../src/store/pauses';
import { postPayment } from '../../src/store/payments';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addCustomer, addLoan, newId, sampleLoan, samplePayment, threeInstalments } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const otherInstalments = threeInstalments.slice(0, 2);

describe('a loan', () => {
  it('is the same loan when it is put twice', async () => {
    const loan = sampleLoan(await addCustomer(database.pool));
    expect(await putLoan(database.pool, loan, threeInstalments)).toBe('added');
    expect(await putLoan(database.pool, loan, threeInstalments.toReversed())).toBe('known');
    expect(await getLoan(database.pool, loan.loanId)).toMatchObject({ ...loan, instalments: threeInstalments });
  });

  it('is added once by two that put it at the same time', async () => {
    const loan = sampleLoan(await addCustomer(database.pool));
    const puts = await Promise.all([1, 2, 3, 4].map(() => putLoan(database.pool, loan, threeInstalments)));
    expect(puts.sort()).toEqual(['added', 'known', 'known', 'known']);
  });

  it('needs a customer', async () => {
    const loan = sampleLoan('nobody');
    await expect(putLoan(database.pool, loan, threeInstalments)).rejects.toMatchObject({
      type: 'NotFound',
      field: 'customerId',
    });
  });

  it('may be corrected while nothing builds on it', async () => {
    const loan = await addLoan(database.pool);
    const corrected = { ...loan, principalMinor: 200_000, disbursedDay: '2026-02-01' };
    expect(await putLoan(database.pool, corrected, otherInstalments)).toBe('changed');
    expect(await getLoan(database.pool, loan.loanId)).toMatchObject({ ...corrected, instalments: otherInstalments });
    expect((await loadLoanFacts(database.pool, loan.loanId))?.schedules).toEqual([
      { no: 1, effectiveFrom: '2026-02-01', instalments: otherInstalments },
    ]);
  });

  it('keeps its contract once a payment builds on it, while its tier still moves', async () => {
    const loan = await addLoan(database.pool);
    await postPayment(database.pool, samplePayment(loan.loanId));
    const refusal = { type: 'AlreadyExists', field: 'instalments' };
    await expect(putLoan(database.pool, loan, otherInstalments)).rejects.toMatchObject(refusal);
    const inEuro = { ...loan, currency: 'EUR' };
    await expect(putLoan(database.pool, inEuro, threeInstalments)).rejects.toMatchObject({ field: 'currency' });
    expect(await putLoan(database.pool, { ...loan, riskTier: 'high' }, threeInstalments)).toBe('changed');
    expect((await loadLoanFacts(database.pool, loan.loanId))?.riskTier).toBe('high');
  });

  it('keeps its contract once a later schedule exists', async () => {
    const loan = await addLoan(database.pool);
    const schedule = { no: 2, effectiveFrom: '2026-03-10', instalments: otherInstalments };
    await addSchedule(database.pool, loan.loanId, schedule, 'R-1');
    const refusal = { type: 'AlreadyExists', field: 'instalments' };
    await expect(putLoan(database.pool, loan, otherInstalments)).rejects.toMatchObject(refusal);
  });

  it('never passes to another customer', async () => {
    const loan = await addLoan(database.pool);
    const moved = { ...loan, customerId: await addCustomer(database.pool) };
    await expect(putLoan(database.pool, moved, threeInstalments)).rejects.toMatchObject({ field: 'customerId' });
  });
});

describe('an arrangement', () => {
  it('adds its schedule once, and another arrangement cannot take the number', async () => {
    const { loanId } = await addLoan(database.pool);
    const schedule = { no: 2, effectiveFrom: '2026-03-10', instalments: otherInstalments };
    expect(await addSchedule(database.pool, loanId, schedule, 'R-1')).toBe('added');
    expect(await addSchedule(database.pool, loanId, schedule, 'R-1')).toBe('known');
    const other = addSchedule(database.pool, loanId, schedule, 'R-2');
    await expect(other).rejects.toMatchObject({ type: 'RestructureInvalid' });
    const facts = await loadLoanFacts(database.pool, loanId);
    expect(facts?.schedules).toEqual([{ no: 1, effectiveFrom: '2026-01-31', instalments: threeInstalments }, schedule]);
  });
});

describe('the facts of a loan', () => {
  it('hold its schedules, payments and pauses', async () => {
    const loan = await addLoan(database.pool);
    const payment = samplePayment(loan.loanId);
    await postPayment(database.pool, payment);
    const pause = { pauseId: newId('Z'), loanId: loan.loanId, reason: 'hospital', actor: 'officer' };
    await addPause(database.pool, { ...pause, fromDay: '2026-04-01', untilDay: null });
    expect(await loadLoanFacts(database.pool, loan.loanId)).toEqual({
      loanId: loan.loanId,
      customerId: loan.customerId,
      riskTier: 'medium',
      waivers: [],
      writtenOffOn: null,
      sold: false,
      soldOn: null,
      branch: 'north',
      product: 'personal',
      currency: 'CNY',
      schedules: [{ no: 1, effectiveFrom: '2026-01-31', instalments: threeInstalments }],
      payments: [
        { id: payment.paymentId, kind: 'payment', valueDay: '2026-03-05', amountMinor: 50_000, reverses: null },
      ],
      pauses: [{ from: '2026-04-01', until: null, reason: 'hospital' }],
      settlements: [],
    });
  });

  it('are read for every loan of the borrower and for no other', async () => {
    const customerId = await addCustomer(database.pool);
    const loans = [await addLoan(database.pool, { customerId }), await addLoan(database.pool, { customerId })];
    await addLoan(database.pool);
    const facts = await loadLoanFactsOfCustomer(database.pool, customerId);
    expect(facts.map((one) => one.loanId)).toEqual(loans.map((loan) => loan.loanId).sort());
    expect(facts[0]).toEqual(await loadLoanFacts(database.pool, facts[0]!.loanId));
  });

  it('of an unknown loan are none', async () => {
    expect(await loadLoanFacts(database.pool, 'nothing')).toBeNull();
  });
});
