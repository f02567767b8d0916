import { randomUUID } from 'node:crypto';
import { openCase } from '../../src/cases/open-case';
import { notifyCase } from '../../src/cases/notify';
import { addDays, type Day } from '../../src/domain/day';
import { noAmounts, type RiskTier } from '../../src/domain/loan';
import { putContactPoint, putCustomer } from '../../src/store/customers';
import { putLoan } from '../../src/store/loans';
import { postPayment } from '../../src/store/payments';
import type { CaseService } from './case-service';

/** Invented borrowers and loans of a story. Numbers come from the range that Ofcom reserves for drama. */
export interface Borrower {
  readonly customerId: string;
  readonly phone: string;
  readonly email: string;
}

let borrowers = 0;

export async function addBorrower({ desk }: CaseService, wish: { phone?: string } = {}): Promise<Borrower> {
  borrowers += 1;
  const customerId = `C-${randomUUID().slice(0, 8)}`;
  const phone = wish.phone ?? `+447700900${String(borrowers % 1000).padStart(3, '0')}`;
  const email = `${customerId.toLowerCase()}@example.com`;
  await putCustomer(desk.pool, {
    customerId,
    name: 'Robin Example',
    language: 'en',
    timezone: 'Asia/Shanghai',
    preferences: {},
  });
  await putContactPoint(desk.pool, customerId, { kind: 'phone', value: phone, rank: 1, state: 'unverified' });
  await putContactPoint(desk.pool, customerId, { kind: 'email', value: email, rank: 1, state: 'unverified' });
  return { customerId, phone, email };
}

export interface LoanWish {
  /** Days since the oldest instalment fell due; negative for one that is still to come. */
  readonly dueDaysAgo: number;
  readonly instalments?: number;
  readonly amountMinor?: number;
  readonly tier?: RiskTier;
}

/** A loan of monthly-ish instalments, 30 days apart, the first due so many days ago on the bank's calendar. */
export async function addLoan(service: CaseService, borrower: Borrower, wish: LoanWish): Promise<string> {
  const { dueDaysAgo, instalments = 1, amountMinor = 100_000, tier = 'medium' } = wish;
  const loanId = `L-${randomUUID().slice(0, 12)}`;
  const firstDueDay = addDays(await bankToday(service), -dueDaysAgo);
  const loan = {
    loanId,
    customerId: borrower.customerId,
    product: 'personal',
    currency: 'CNY',
    principalMinor: 1_000_000,
  };
  await putLoan(
    service.desk.pool,
    { ...loan, disbursedDay: addDays(firstDueDay, -60), riskTier: tier, branch: 'north' },
    Array.from({ length: instalments }, (_, index) => ({
      no: index + 1,
      dueDay: addDays(firstDueDay, index * 30),
      due: { ...noAmounts, principal: amountMinor },
    })),
  );
  return loanId;
}

export async function open(service: CaseService, loanId: string): Promise<void> {
  await openCase(service.desk, loanId, 'core-banking');
}

export interface PaymentWish {
  readonly amountMinor: number;
  readonly id?: string;
  readonly daysAgo?: number;
  readonly notify?: boolean;
}

export async function pay(service: CaseService, loanId: string, wish: PaymentWish): Promise<string> {
  const { amountMinor, id = `P-${randomUUID().slice(0, 12)}`, daysAgo = 0, notify = true } = wish;
  const valueDay = addDays(await bankToday(service), -daysAgo);
  const payment = {
    paymentId: id,
    loanId,
    kind: 'payment',
    amountMinor,
    currency: 'CNY',
    valueDay,
    reverses: null,
  } as const;
  await postPayment(service.desk.pool, payment);
  if (notify) await notifyCase(service.desk, loanId);
  return id;
}

export async function undo(
  service: CaseService,
  loanId: string,
  paymentId: string,
  amountMinor: number,
): Promise<void> {
  const valueDay = await bankToday(service);
  const undoing = { kind: 'bounce', amountMinor, currency: 'CNY', valueDay, reverses: paymentId } as const;
  await postPayment(service.desk.pool, { paymentId: `B-${randomUUID().slice(0, 12)}`, loanId, ...undoing });
  await notifyCase(service.desk, loanId);
}

export async function bankToday({ desk }: CaseService): Promise<Day> {
  const { calendar } = await desk.policies.latest(desk.pool, desk.policyId);
  return calendar.dayOf(await desk.clock.nowMs());
}
