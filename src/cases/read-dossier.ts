import { Refusal } from '../domain/refusal';
import { listArrangements } from '../store/arrangements';
import { listContacts } from '../store/contact-ledger';
import type { Page } from '../store/cursor';
import { getCase, getLatestCase } from '../store/cases';
import type { StoredCase } from '../store/case-row';
import { listCauses } from '../store/causes';
import { getCustomer } from '../store/customers';
import { listDisputes } from '../store/disputes';
import { type Handoff, latestHandoff } from '../store/legal';
import { loadLoanFacts } from '../store/loan-facts';
import { getLoan } from '../store/loans';
import { listStoredPauses } from '../store/pauses';
import { listPayments } from '../store/payments';
import { listSales } from '../store/sales';
import { listTasks } from '../store/task-lists';
import { listEvents } from '../store/timeline';
import { listWriteOffs } from '../store/write-offs';
import type { Desk } from './desk';
import { readPromises } from './read-promises';
import { shownWaivers } from './shown-waivers';

export type Dossier = Awaited<ReturnType<typeof readDossier>>;

/** All that is on record for one loan, as a court or an auditor asks for it. @throws Refusal NotFound. */
export async function readDossier(desk: Desk, loanId: string) {
  const { pool } = desk;
  const loan = await getLoan(pool, loanId);
  const facts = await loadLoanFacts(pool, loanId);
  const latest = await getLatestCase(pool, loanId);
  if (loan === null || facts === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const cases: StoredCase[] = [];
  const handoffs: Handoff[] = [];
  for (let caseNo = 1; caseNo <= (latest?.caseNo ?? 0); caseNo += 1) {
    const row = await getCase(pool, loanId, caseNo);
    if (row !== null) cases.push(row);
    const handoff = await latestHandoff(pool, loanId, caseNo);
    if (handoff !== null) handoffs.push(handoff);
  }
  return {
    loan,
    schedules: facts.schedules,
    customer: await getCustomer(pool, loan.customerId),
    cases,
    payments: await listPayments(pool, loanId),
    events: await allPages((cursor) => listEvents(pool, loanId, cursor, pageSize)),
    contacts: await allPages((cursor) => listContacts(pool, loanId, cursor, pageSize)),
    tasks: await allPages((cursor) => listTasks(pool, { loanId }, cursor, pageSize)),
    disputes: await listDisputes(pool, loanId),
    pauses: await listStoredPauses(pool, loanId),
    restructures: await listArrangements(pool, loanId),
    waivers: latest === null ? [] : await shownWaivers(desk, loanId),
    causes: await listCauses(pool, loanId),
    promises: latest === null ? [] : await readPromises(desk, loanId),
    writeOffs: await listWriteOffs(pool, loanId),
    sales: await listSales(pool, loanId),
    handoffs,
  };
}

const pageSize = 500;

async function allPages<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
