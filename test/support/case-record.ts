import { type Day, daysBetween } from '../../src/domain/day';
import { listEvents, type StoredEvent } from '../../src/store/timeline';
import { getLatestCase } from '../../src/store/cases';
import type { StoredCase } from '../../src/store/case-row';
import { listContacts } from '../../src/store/contact-ledger';
import type { Contact } from '../../src/store/contact-row';
import type { OutboxMessage } from '../../src/channels/local/outbox';
import { eventually } from './eventually';
import type { CaseService } from './case-service';
import type { Borrower } from './portfolio';

/** The timeline of a loan, all its cases, as a reader of the file sees it. */
export async function timelineOf({ desk }: CaseService, loanId: string): Promise<StoredEvent[]> {
  return (await listEvents(desk.pool, loanId, null, 500)).items.slice();
}

/** The timeline as short lines: `kind step-or-stage`. */
export async function storyOf(service: CaseService, loanId: string): Promise<string[]> {
  return (await timelineOf(service, loanId)).map(lineOf);
}

/** The same with the days since `dueDay` before each line: `7: task-created reminder/day-7-call`. */
export async function datedStoryOf(service: CaseService, loanId: string, dueDay: Day): Promise<string[]> {
  const { calendar } = await service.desk.policies.latest(service.desk.pool, service.desk.policyId);
  const events = await timelineOf(service, loanId);
  return events.map((event) => `${daysBetween(dueDay, calendar.dayOf(event.atMs))}: ${lineOf(event)}`);
}

function lineOf({ kind, data, reason }: StoredEvent): string {
  if (kind === 'task-created') return `${kind} ${reason.replace(/ is due$/, '')}`;
  const about = data['step'] ?? data['to'] ?? data['why'];
  return typeof about === 'string' ? `${kind} ${about}` : kind;
}

export async function eventsOf(service: CaseService, loanId: string, kind: string): Promise<StoredEvent[]> {
  return (await timelineOf(service, loanId)).filter((event) => event.kind === kind);
}

export async function caseOf({ desk }: CaseService, loanId: string): Promise<StoredCase> {
  const found = await getLatestCase(desk.pool, loanId);
  if (found === null) throw new Error(`loan ${loanId} has no case`);
  return found;
}

/** Waits until the loan's latest case is closed. */
export function closedCaseOf(service: CaseService, loanId: string): Promise<StoredCase> {
  return eventually(
    () => caseOf(service, loanId),
    ({ status }) => status === 'closed',
  );
}

/** Every contact that named the loan, oldest first. */
export async function contactsOf({ desk }: CaseService, loanId: string): Promise<Contact[]> {
  return (await listContacts(desk.pool, loanId, null, 200)).items.slice();
}

/** What the providers took for a borrower, oldest first. */
export function messagesTo({ providers }: CaseService, { phone, email }: Borrower): OutboxMessage[] {
  return providers.outbox
    .list({ limit: 1_000 })
    .filter(({ to }) => to === phone || to === email)
    .reverse();
}
