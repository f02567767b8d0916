import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Gate } from '../contact/gate';
import { oneBy } from '../domain/contact/channel-name';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { connectionOf } from '../domain/contact/past-contact';
import { Refusal } from '../domain/refusal';
import type { StoredCase } from '../store/case-row';
import { getLatestCase } from '../store/cases';
import type { Contact } from '../store/contact-row';
import { getContact } from '../store/contacts';
import { borrowersOwn, getCustomer, lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { loansOfOthers } from '../store/loan-selection';
import { addReportedContact, reportByKey, type StoredReport } from '../store/reported-contacts';
import { type NewEvent, recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { ContactReport } from './contact-report';
import type { Desk } from './desk';
import { followReport } from './follow-report';
import { hearCause } from './hear-cause';
import { type Breach, judgeReport } from './judge-report';
import { loansToName, type Naming } from './loans-to-name';
import { reviewReach } from './lost-contact';
import { noteCovered } from './note-covered';
import { notifyCase } from './notify';
import { checkReportedWords, keptWords, writtenOf } from './reported-words';

export interface ReportedContact {
  readonly contact: Contact;
  /** Null where it broke no rule. */
  readonly breach: Breach | null;
  /** Rules of content that were not asked, because nobody told the words. */
  readonly unproven: readonly string[];
  readonly isNew: boolean;
  /** The loans whose cases were told that it was about them too, or what was heard of the person. */
  readonly told: readonly string[];
}

/** By which rules it is judged, and in whose name the bank writes. */
export interface Reporting {
  readonly gate: Gate;
  readonly bankName: string;
}

/** What is older is no report of work but a correction of history, which needs more than a request. */
export const reportedWithinDays = 30;
const dayMs = 86_400_000;

/**
 * Writes down a contact that was made without the product: it counts from the instant at which it was made. What was
 * unlawful about it is on record with it, and never a reason to leave it out.
 * @throws Refusal NotFound, CaseNotOpen, InputInvalid, or AlreadyExists for another contact under the same report id.
 */
export async function reportContact(
  desk: Desk,
  reporting: Reporting,
  loanId: string,
  report: ContactReport,
  actor: Actor,
): Promise<ReportedContact> {
  const nowMs = await desk.clock.nowMs();
  if (report.atMs > nowMs) throw new Refusal('InputInvalid', 'lies in the future', 'at');
  if (report.atMs < nowMs - reportedWithinDays * dayMs) {
    throw new Refusal('InputInvalid', `lies more than ${reportedWithinDays} days back`, 'at');
  }
  checkReportedWords(report);
  const reported = await inTransaction(desk.pool, async (tx) => {
    const caseRow = await getLatestCase(tx, loanId);
    if (caseRow === null) throw new Refusal('CaseNotOpen', 'the loan never had a case', 'loanId');
    return write(tx, desk, reporting, caseRow, report, actor, nowMs);
  });
  // One that is reported again too: whoever reported it first may have been told to try again, because no case was reached.
  for (const one of new Set([loanId, ...reported.told])) await notifyCase(desk, one);
  return reported;
}

async function write(
  tx: Queryable,
  desk: Desk,
  reporting: Reporting,
  caseRow: StoredCase,
  report: ContactReport,
  actor: Actor,
  nowMs: number,
): Promise<ReportedContact> {
  const { loanId, caseNo, customerId, policyId, policyVersion } = caseRow;
  await lockCustomer(tx, customerId);
  const contactKey = `reported/${loanId}/${report.reportId}`;
  const contentHash = hashOf(report);
  const known = await reportByKey(tx, contactKey);
  if (known !== null) return again(tx, known, contentHash);

  const { policy, calendar } = await desk.policies.pinned(tx, policyId, policyVersion);
  const naming = { customerId, loanId, policy, today: calendar.dayOf(report.atMs), nowMs: report.atMs };
  const point = await pointOf(tx, customerId, report);
  const owner = point ?? borrowersOwn;
  const loanIds = await loansOfReport(tx, reporting.gate, { ...naming, owner }, report);
  const written = writtenOf(report, reporting.bankName);
  const judgement = await judgeReport(tx, reporting.gate, { loanIds, customerId, report, written });
  const { breach, unproven, party, evidence } = judgement;
  const { channel, purpose, atMs, contactPoint, outcome, agency, direction, note } = report;
  const contactId = randomUUID();
  const about = { contactId, contactKey, customerId, loanId, caseNo, loanIds, channel, purpose, atMs };
  const whom = { contactPoint, partyId: party.partyId, partyRole: party.role };
  const made = {
    ...whom,
    state: 'placed',
    madeBy: agency ?? actor.name,
    ...(outcome !== null && { outcome }),
  } as const;
  await addReportedContact(
    tx,
    { ...about, ...made, ...keptWords(written), verdict: { reported: true, breach, ...evidence } },
    {
      ...{ contactId, reportId: report.reportId, contentHash, note, direction, agency },
      ...{ brokenRules: [...(breach?.rules ?? [])], breach: breach?.reason ?? null },
      ...{ reportedBy: actor.name, reportedAtMs: nowMs, connection: connectionOf(outcome) },
    },
  );
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name };
  // What is nobody's on record counts as the borrower's, and says so: somebody may know better.
  const onRecord = contactPoint === null ? null : point !== null;
  await tellReported(tx, event, report, { ...judgement, contactId, contentHash, loanIds, onRecord });
  const covered = await noteCovered(tx, { ...about, loanIds }, { actor: actor.name, nowMs, breach });
  if (report.cause !== undefined) {
    const said = { code: report.cause, fromDay: calendar.dayOf(atMs), source: 'contact', sourceId: contactId } as const;
    await hearCause(tx, { loanId, caseNo, ...said }, actor.name, nowMs);
  }
  const contact = await mustGet(tx, contactId);
  const told = outcome === null ? [] : await followReport(tx, desk, caseRow, contact, outcome, actor, nowMs);
  await reviewReach(tx, desk, customerId, nowMs);
  return { contact, breach, unproven, isNew: true, told: [...covered, ...told] };
}

/** On the timeline of its case: that it was made, and what was unlawful about it. */
async function tellReported(
  tx: Queryable,
  event: Pick<NewEvent, 'loanId' | 'caseNo' | 'atMs' | 'actor'>,
  { channel, outcome, agency, atMs }: ContactReport,
  reported: Pick<ReportedContact, 'breach' | 'unproven'> & {
    readonly contactId: string;
    readonly contentHash: string;
    readonly loanIds: readonly string[];
    readonly onRecord: boolean | null;
  },
): Promise<void> {
  const { breach, unproven, contactId, contentHash, loanIds, onRecord } = reported;
  // The hash binds the whole report into the chain of the case.
  const madeAt = new Date(atMs).toISOString();
  const data = {
    ...{ contactId, channel, outcome, agency, contentHash, madeAt, loans: loanIds, onRecord },
    ...(unproven.length > 0 && { unproven }),
  };
  const reason = `${oneBy[channel]} that was made elsewhere`;
  await recordEvent(tx, { ...event, kind: 'contact-reported', reason, data });
  if (breach === null) return;
  const broken = { contactId, channel, rules: breach.rules };
  await recordEvent(tx, { ...event, kind: 'contact-breach', reason: breach.reason, data: broken });
}

async function again(tx: Queryable, known: StoredReport, contentHash: string): Promise<ReportedContact> {
  if (known.contentHash !== contentHash) {
    throw new Refusal('AlreadyExists', 'this report id stands for another contact', 'reportId');
  }
  const breach = known.breach === null ? null : { rules: known.brokenRules, reason: known.breach };
  const contact = await mustGet(tx, known.contactId);
  const { data: unproven = [] } = z.array(z.string()).safeParse(contact.verdict['unproven']);
  return { contact, breach, unproven, isNew: false, told: contact.loanIds };
}

async function pointOf(tx: Queryable, customerId: string, { channel, contactPoint }: ContactReport) {
  const points = (await getCustomer(tx, customerId))?.contactPoints ?? [];
  return points.find(({ kind, value }) => kind === contactPointKindOf[channel] && value === contactPoint) ?? null;
}

/** @throws Refusal InputInvalid for a loan of somebody else, or where the case's own is left out. */
async function loansOfReport(
  tx: Queryable,
  gate: Gate,
  naming: Naming,
  { loanIds: said }: ContactReport,
): Promise<string[]> {
  if (said === undefined) return (await loansToName(tx, gate, naming)).map((loan) => loan.loanId);
  const others = await loansOfOthers(tx, naming.customerId, said);
  if (others.length > 0) {
    throw new Refusal('InputInvalid', `no loan of this borrower: ${others.join(', ')}`, 'loanIds');
  }
  if (!said.includes(naming.loanId)) throw new Refusal('InputInvalid', 'the case’s own loan is not named', 'loanIds');
  return [...new Set(said)];
}

async function mustGet(tx: Queryable, contactId: string): Promise<Contact> {
  const contact = await getContact(tx, contactId);
  if (contact === null) throw new Error(`contact ${contactId} vanished`);
  return contact;
}

function hashOf(report: ContactReport): string {
  return createHash('sha256').update(JSON.stringify(report)).digest('hex');
}
