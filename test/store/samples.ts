import { randomUUID } from 'node:crypto';

import { addDays } from '../../src/domain/day';
import { type Instalment, noAmounts } from '../../src/domain/loan';
import { type NewCase, openCase } from '../../src/store/cases';
import type { NewContact } from '../../src/store/contacts';
import { putCustomer } from '../../src/store/customers';
import type { Queryable } from '../../src/store/database';
import { type Loan, putLoan } from '../../src/store/loans';
import type { PostedPayment } from '../../src/store/payments';
import { publishPolicy } from '../../src/store/policies';
import type { NewTask } from '../../src/store/tasks';

export const openedAtMs = Date.parse('2026-03-02T01:00:00Z');
export const hourMs = 3_600_000;

/** An id that no other test of the file uses. */
export function newId(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

export async function addCustomer(db: Queryable): Promise<string> {
  const customerId = newId('C');
  await putCustomer(db, { customerId, name: 'Ana Sample', language: 'en', timezone: 'Asia/Shanghai', preferences: {} });
  return customerId;
}

export function sampleLoan(customerId: string, changes: Partial<Loan> = {}): Loan {
  return {
    loanId: newId('L'),
    customerId,
    product: 'personal',
    currency: 'CNY',
    principalMinor: 300_000,
    disbursedDay: '2026-01-31',
    riskTier: 'medium',
    branch: 'north',
    ...changes,
  };
}

/** Three months of 1 000.00 with 10.00 of interest each. */
export const threeInstalments: readonly Instalment[] = [1, 2, 3].map((no) => ({
  no,
  dueDay: addDays('2026-01-31', 30 * no),
  due: { ...noAmounts, principal: 100_000, interest: 1_000 },
}));

export async function addLoan(db: Queryable, changes: Partial<Loan> = {}): Promise<Loan> {
  const loan = sampleLoan(changes.customerId ?? (await addCustomer(db)), changes);
  await putLoan(db, loan, threeInstalments);
  return loan;
}

export function samplePayment(loanId: string, changes: Partial<PostedPayment> = {}): PostedPayment {
  const usual = {
    kind: 'payment',
    amountMinor: 50_000,
    currency: 'CNY',
    valueDay: '2026-03-05',
    bookedDay: null,
    reverses: null,
    receiptId: null,
  } as const;
  return { paymentId: newId('P'), loanId, ...usual, ...changes };
}

export const policyVersion = '1.0';

export async function sampleCase(db: Queryable, loanId: string): Promise<NewCase> {
  const policy = { policyId: 'retail', version: policyVersion, contentHash: 'h1', document: { policy: 'retail' } };
  await publishPolicy(db, { ...policy, publishedBy: 'officer' });
  return {
    loanId,
    policyId: 'retail',
    policyVersion,
    openedAtMs,
    openedDpd: 1,
    effectiveDpd: 1,
    overdueMinor: 101_000,
    stage: 'reminder',
    assignee: null,
  };
}

/** A loan with its first case open. */
export async function addOpenCase(db: Queryable, changes: Partial<Loan> = {}): Promise<Loan> {
  const loan = await addLoan(db, changes);
  await openCase(db, await sampleCase(db, loan.loanId));
  return loan;
}

export function sampleContact(loan: Loan, changes: Partial<NewContact> = {}): NewContact {
  return {
    contactId: randomUUID(),
    contactKey: newId(`${loan.loanId}/1/reminder/step`),
    customerId: loan.customerId,
    loanId: loan.loanId,
    caseNo: 1,
    loanIds: [loan.loanId],
    channel: 'sms',
    purpose: 'reminder',
    template: 'first-reminder',
    language: 'en',
    contactPoint: '+12025550123',
    partyId: null,
    partyRole: 'borrower',
    state: 'reserved',
    atMs: openedAtMs + hourMs,
    subject: null,
    body: 'Your instalment is due.',
    contentHash: 'c1',
    verdict: { allow: true },
    offers: [],
    madeBy: 'arrears',
    ...changes,
  };
}

export function sampleTask(loan: Loan, changes: Partial<NewTask> = {}): NewTask {
  return {
    taskId: randomUUID(),
    taskKey: newId(`${loan.loanId}/1/follow-up/call`),
    loanId: loan.loanId,
    caseNo: 1,
    customerId: loan.customerId,
    kind: 'call',
    stage: 'follow-up',
    asks: ['willingness'],
    attempt: 1,
    assignee: null,
    notBeforeMs: openedAtMs,
    dueAtMs: openedAtMs + 48 * hourMs,
    ...changes,
  };
}
