import { createHash, randomUUID } from 'node:crypto';
import type { Gate } from '../contact/gate';
import { judgeMade } from '../contact/judge-made';
import type { Cause } from '../domain/cause/cause';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { openConditions, type Verdict } from '../domain/contact/judge';
import { connectionOf } from '../domain/contact/past-contact';
import type { Purpose } from '../domain/contact/purpose';
import type { VisitPlan } from '../domain/contact/situation';
import { Refusal } from '../domain/refusal';
import type { ContactOutcome } from '../domain/task-outcome';
import type { StoredCase } from '../store/case-row';
import { getLatestCase } from '../store/cases';
import type { Contact } from '../store/contact-row';
import { getContact } from '../store/contacts';
import { getCustomer, lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { loansOfOthers } from '../store/loan-selection';
import { addReportedContact, reportByKey, type StoredReport } from '../store/reported-contacts';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { followReport } from './follow-report';
import { hearCause } from './hear-cause';
import { loansToName, type Naming } from './loans-to-name';
import { reviewReach } from './lost-contact';
import { noteCovered } from './note-covered';
import { notifyCase } from './notify';

export interface ContactReport {
  /** Whoever reports gives it: the same report again is known. */
  readonly reportId: string;
  readonly channel: 'call' | 'visit' | 'letter';
  readonly direction: 'outbound' | 'inbound';
  readonly purpose: Purpose;
  readonly atMs: number;
  readonly contactPoint: string | null;
  /** Null for a letter. */
  readonly outcome: ContactOutcome | null;
  readonly agency: string | null;
  readonly visit: VisitPlan | null;
  readonly note: string | null;
  /** What it was about, the case's own loan among them; left out: what a message of that day would have named. */
  readonly loanIds?: readonly string[] | undefined;
  /** Why the borrower is behind, where they said so. */
  readonly cause?: Cause | undefined;
}

export interface ReportedContact {
  readonly contact: Contact;
  /** Null where it broke no rule. */
  readonly breach: { readonly rules: readonly string[]; readonly reason: string } | null;
  readonly isNew: boolean;
  /** The loans whose cases were told that it was about them too, or what was heard of the person. */
  readonly told: readonly string[];
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
  gate: Gate,
  loanId: string,
  report: ContactReport,
  actor: Actor,
): Promise<ReportedContact> {
  const nowMs = await desk.clock.nowMs();
  if (report.atMs > nowMs) throw new Refusal('InputInvalid', 'lies in the future', 'at');
  if (report.atMs < nowMs - reportedWithinDays * dayMs) {
    throw new Refusal('InputInvalid', `lies more than ${reportedWithinDays} days back`, 'at');
  }
  if ((report.channel === 'letter') !== (report.outcome === null)) {
    throw new Refusal('InputInvalid', 'a call or a visit has one, a letter has none', 'outcome');
  }
  const reported = await inTransaction(desk.pool, async (tx) => {
    const caseRow = await getLatestCase(tx, loanId);
    if (caseRow === null) throw new Refusal('CaseNotOpen', 'the loan never had a case', 'loanId');
    return write(tx, desk, gate, caseRow, report, actor, nowMs);
  });
  if (reported.isNew) for (const one of new Set([loanId, ...reported.told])) await notifyCase(desk, one);
  return reported;
}

async function write(
  tx: Queryable,
  desk: Desk,
  gate: Gate,
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
  const loanIds = await loansOfReport(tx, gate, { ...naming, partyRole: point?.partyRole ?? 'borrower' }, report);
  const { breach, party, evidence } = await judgeReport(tx, gate, { loanIds, customerId, report });
  const { channel, purpose, atMs, contactPoint, outcome, agency, direction, note } = report;
  const contactId = randomUUID();
  const nothingWritten = { template: null, language: null, subject: null, body: null, contentHash: null, offers: [] };
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
    { ...about, ...made, ...nothingWritten, verdict: { reported: true, breach, ...evidence } },
    {
      ...{ contactId, reportId: report.reportId, contentHash, note, direction, agency },
      ...{ brokenRules: [...(breach?.rules ?? [])], breach: breach?.reason ?? null },
      ...{ reportedBy: actor.name, reportedAtMs: nowMs, connection: connectionOf(outcome) },
    },
  );
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name };
  // The hash binds the whole report into the chain of the case.
  const madeAt = new Date(atMs).toISOString();
  // What is nobody's on record counts as the borrower's, and says so: somebody may know better.
  const onRecord = contactPoint === null ? null : point !== null;
  const data = { contactId, channel, outcome, agency, contentHash, madeAt, loans: loanIds, onRecord };
  await recordEvent(tx, { ...event, kind: 'contact-reported', reason: `a ${channel} that was made elsewhere`, data });
  if (breach !== null) {
    const broken = { contactId, channel, rules: breach.rules };
    await recordEvent(tx, { ...event, kind: 'contact-breach', reason: breach.reason, data: broken });
  }
  const covered = await noteCovered(tx, { ...about, loanIds }, { actor: actor.name, nowMs, breach });
  if (report.cause !== undefined) {
    const said = { code: report.cause, fromDay: calendar.dayOf(atMs), source: 'contact', sourceId: contactId } as const;
    await hearCause(tx, { loanId, caseNo, ...said }, actor.name, nowMs);
  }
  const contact = await mustGet(tx, contactId);
  const told = outcome === null ? [] : await followReport(tx, desk, caseRow, contact, outcome, actor, nowMs);
  await reviewReach(tx, desk, customerId, nowMs);
  return { contact, breach, isNew: true, told: [...covered, ...told] };
}

async function again(tx: Queryable, known: StoredReport, contentHash: string): Promise<ReportedContact> {
  if (known.contentHash !== contentHash) {
    throw new Refusal('AlreadyExists', 'this report id stands for another contact', 'reportId');
  }
  const breach = known.breach === null ? null : { rules: known.brokenRules, reason: known.breach };
  return { contact: await mustGet(tx, known.contactId), breach, isNew: false, told: [] };
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

interface Judged {
  readonly loanIds: readonly string[];
  readonly customerId: string;
  readonly report: ContactReport;
}

/** By the rules as the gate applies them; what the borrower began breaks none. */
async function judgeReport(tx: Queryable, gate: Gate, { loanIds, customerId, report }: Judged) {
  const { channel, purpose, contactPoint, atMs, visit, direction } = report;
  const asked = { contactKey: null, customerId, loanIds, channel, purpose, contactPoint };
  const { verdict, situation, evidence } = await judgeMade(tx, gate, asked, { atMs, visit });
  const unsaid = openConditions(situation, gate.inForce.packs, gate.calendars);
  const decided = {
    decided: verdict.kind,
    rules: verdict.rules,
    ...(verdict.kind === 'defer' && { untilMs: verdict.untilMs }),
  };
  return {
    breach: direction === 'inbound' ? null : breachOf(verdict, unsaid),
    party: situation.party,
    evidence: { ...decided, ...evidence },
  };
}

/** A visit of which nobody says how it was made cannot be shown to have been lawful; `unsaid` are the rules that ask it. */
function breachOf(verdict: Verdict, unsaid: readonly string[]): ReportedContact['breach'] {
  const [rules, reasons] = verdict.kind === 'allow' ? [[], []] : [verdict.rules, [verdict.reason]];
  if (unsaid.length === 0) return reasons.length === 0 ? null : { rules, reason: reasons.join('; ') };
  return { rules: [...rules, ...unsaid], reason: [...reasons, 'nobody says how the visit was made'].join('; ') };
}

async function mustGet(tx: Queryable, contactId: string): Promise<Contact> {
  const contact = await getContact(tx, contactId);
  if (contact === null) throw new Error(`contact ${contactId} vanished`);
  return contact;
}

function hashOf(report: ContactReport): string {
  return createHash('sha256').update(JSON.stringify(report)).digest('hex');
}
