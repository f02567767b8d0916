import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listPayments, postPayment } from '../../src/store/payments';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addLoan, newId, samplePayment } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function postedPayment() {
  const payment = samplePayment((await addLoan(database.pool)).loanId);
  await postPayment(database.pool, payment);
  return payment;
}

describe('a payment', () => {
  it('counts once however often and at once it is posted', async () => {
    const { loanId } = await addLoan(database.pool);
    const payment = samplePayment(loanId);
    const posts = await Promise.all(Array.from({ length: 8 }, () => postPayment(database.pool, payment)));
    expect(posts.filter((post) => post === 'posted')).toHaveLength(1);
    expect(await listPayments(database.pool, loanId)).toEqual([payment]);
  });

  it.each([
    ['amountMinor', { amountMinor: 60_000 }],
    ['valueDay', { valueDay: '2026-03-06' }],
    ['currency', { currency: 'EUR' }],
  ])('is refused under the id of another one that differs in %s', async (field, change) => {
    const payment = await postedPayment();
    const again = postPayment(database.pool, { ...payment, ...change });
    await expect(again).rejects.toMatchObject({ type: 'PaymentInvalid', field });
    expect(await listPayments(database.pool, payment.loanId)).toEqual([payment]);
  });

  it.each([
    ['an unknown loan', { loanId: 'nothing' }, 'NotFound', 'loanId'],
    ['another currency than the loan', { currency: 'EUR' }, 'CurrencyMismatch', 'currency'],
    ['no amount', { amountMinor: 0 }, 'PaymentInvalid', 'amountMinor'],
    ['a part of a minor unit', { amountMinor: 0.5 }, 'PaymentInvalid', 'amountMinor'],
    ['a payment that it undoes', { reverses: 'P-0' }, 'PaymentInvalid', 'reverses'],
  ])('is refused with %s', async (_, change, type, field) => {
    const { loanId } = await addLoan(database.pool);
    const payment = { ...samplePayment(loanId), ...change };
    await expect(postPayment(database.pool, payment)).rejects.toMatchObject({ type, field });
    expect(await listPayments(database.pool, loanId)).toEqual([]);
  });

  it('may be dated back', async () => {
    const payment = await postedPayment();
    const earlier = samplePayment(payment.loanId, { valueDay: '2026-02-01' });
    expect(await postPayment(database.pool, earlier)).toBe('posted');
    expect(await listPayments(database.pool, payment.loanId)).toEqual([earlier, payment]);
  });
});

describe('a reversal or a bounce', () => {
  it('undoes a payment once', async () => {
    const { loanId, paymentId } = await postedPayment();
    const bounce = samplePayment(loanId, { kind: 'bounce', reverses: paymentId });
    expect(await postPayment(database.pool, bounce)).toBe('posted');
    expect(await postPayment(database.pool, bounce)).toBe('known');
    const second = samplePayment(loanId, { kind: 'reversal', reverses: paymentId });
    await expect(postPayment(database.pool, second)).rejects.toMatchObject({
      type: 'PaymentInvalid',
      field: 'reverses',
    });
  });

  it('undoes a payment once when several are posted at the same time', async () => {
    const { loanId, paymentId } = await postedPayment();
    const reversals = Array.from({ length: 8 }, () => samplePayment(loanId, { kind: 'reversal', reverses: paymentId }));
    const posts = await Promise.allSettled(reversals.map((reversal) => postPayment(database.pool, reversal)));
    expect(posts.filter((post) => post.status === 'fulfilled')).toHaveLength(1);
    for (const post of posts.filter((one) => one.status === 'rejected')) {
      expect(post.reason).toMatchObject({ type: 'PaymentInvalid', field: 'reverses' });
    }
    expect(await listPayments(database.pool, loanId)).toHaveLength(2);
  });

  it('must be of the amount that it undoes', async () => {
    const { loanId, paymentId } = await postedPayment();
    const partial = samplePayment(loanId, { kind: 'reversal', reverses: paymentId, amountMinor: 1 });
    await expect(postPayment(database.pool, partial)).rejects.toMatchObject({ field: 'amountMinor' });
  });

  it('must name a payment of its own loan', async () => {
    const { paymentId } = await postedPayment();
    const { loanId, paymentId: own } = await postedPayment();
    const undone = newId('P');
    await postPayment(database.pool, samplePayment(loanId, { paymentId: undone, kind: 'bounce', reverses: own }));
    for (const reverses of [paymentId, 'nothing', undone, null]) {
      const reversal = samplePayment(loanId, { kind: 'reversal', reverses });
      await expect(postPayment(database.pool, reversal)).rejects.toMatchObject({ field: 'reverses' });
    }
  });
});
