import { randomUUID } from 'node:crypto';
import type { Answer, TestApi } from './support';

// An invented borrower, put in through the API as a core banking system would. The number is from a range that is kept free.
export const phone = '+447700900123';

export const customerBody = {
  name: 'Robin Example',
  language: 'en',
  timezone: 'Asia/Shanghai',
  contactPoints: [
    { kind: 'phone', value: phone },
    { kind: 'email', value: 'robin@example.com' },
  ],
};

export const loanBody = {
  product: 'personal',
  currency: 'CNY',
  principalMinor: 300_000,
  disbursedDay: '2026-01-01',
  riskTier: 'medium',
  branch: 'north',
  instalments: [
    { no: 1, dueDay: '2026-02-20', principalMinor: 100_000, interestMinor: 1_000 },
    { no: 2, dueDay: '2026-03-20', principalMinor: 100_000, interestMinor: 1_000 },
  ],
};

export interface Loan {
  readonly customerId: string;
  readonly loanId: string;
}

/** A loan that is ten days past due on the tests' Monday. */
export async function addLoan(api: TestApi, changes: object = {}, person: object = {}): Promise<Loan> {
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  const loanId = `L-${randomUUID().slice(0, 8)}`;
  await must(api.call('PUT', `/v1/customers/${customerId}`, { ...customerBody, ...person }));
  await must(api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId, ...changes }));
  return { customerId, loanId };
}

export async function addCase(api: TestApi, changes: object = {}, person: object = {}): Promise<Loan> {
  const loan = await addLoan(api, changes, person);
  await must(api.call('POST', '/v1/cases', { loanId: loan.loanId }));
  return loan;
}

async function must(answering: Promise<Answer>): Promise<void> {
  const answer = await answering;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
}

export function payment(changes: object = {}): Record<string, unknown> {
  const usual = { amountMinor: 1_000, currency: 'CNY', valueDay: '2026-03-01' };
  return { paymentId: `P-${randomUUID().slice(0, 8)}`, ...usual, ...changes };
}
