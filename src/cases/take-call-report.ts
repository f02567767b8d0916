import { connectionOfLeg, isEnded, type LegStatus, movesOn } from '../domain/call/call-leg';
import { type Call, getCall, setConnection, updateCall } from '../store/calls';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { getTask } from '../store/tasks';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { tellOfContact } from './tell-of-contact';

export interface LegReport {
  readonly contactId: string;
  readonly leg: 'collector' | 'borrower';
  readonly sid: string;
  readonly status: LegStatus;
  /** Told by the other leg: a leg that was given a message to play has then left the other, and goes on. */
  readonly secondHand?: boolean;
}

/**
 * Writes what the provider reports of one leg of a call, once however often it comes. Of a call that nobody knows, or another
 * leg's id, nothing. Of an end that is reported again the case is told again: whoever took it before may not have reached it.
 */
export async function takeLegReport(desk: Desk, report: LegReport): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const ended = await withCall(desk, report.contactId, async (tx, call, contact) => {
    const known = report.leg === 'collector' ? call.collectorSid : call.borrowerSid;
    if (known !== null && known !== report.sid) return false;
    return report.leg === 'collector'
      ? takeCollector(tx, call, contact, report, nowMs)
      : takeBorrower(tx, call, contact, report, nowMs);
  });
  if (ended !== null) await notifyCase(desk, ended.loanId);
}

/** Runs with the borrower locked; answers the contact when the work says that something ended. */
export function withCall(
  desk: Desk,
  contactId: string,
  work: (tx: Queryable, call: Call, contact: Contact) => Promise<boolean>,
): Promise<Contact | null> {
  return inTransaction(desk.pool, async (tx) => {
    const found = await getContact(tx, contactId);
    if (found === null) return null;
    await lockCustomer(tx, found.customerId);
    const [call, contact] = [await getCall(tx, contactId), await getContact(tx, contactId)];
    if (call === null || contact === null) return null;
    return (await work(tx, call, contact)) ? contact : null;
  });
}

async function takeCollector(
  tx: Queryable,
  call: Call,
  contact: Contact,
  { sid, status }: LegReport,
  nowMs: number,
): Promise<boolean> {
  const neverDialled = isEnded(status) && call.dialledAtMs === null;
  if (!movesOn(call.collectorStatus, status)) return neverDialled && status === call.collectorStatus;
  await updateCall(tx, contact.contactId, { collectorSid: sid, collectorStatus: status });
  if (!neverDialled) return false;
  // The collector was not reached or hung up first: nobody disturbed the borrower, and nothing counts.
  const { contactId } = contact;
  await setContactState(tx, contactId, { state: 'released', outcome: `collector ${status}` });
  const news = { kind: 'call-ended', reason: 'the borrower was not dialled', data: { collector: status } };
  await tellOfContact(tx, contact, { ...news, actor: 'provider', atMs: nowMs });
  return true;
}

async function takeBorrower(
  tx: Queryable,
  call: Call,
  contact: Contact,
  { sid, status, secondHand = false }: LegReport,
  nowMs: number,
): Promise<boolean> {
  if (secondHand && call.voicemail !== null) return false;
  if (!movesOn(call.borrowerStatus, status)) return isEnded(status) && status === call.borrowerStatus;
  const { contactId } = contact;
  await updateCall(tx, contactId, { borrowerSid: sid, borrowerStatus: status });
  const connection = connectionOfLeg(status, call.answeredBy?.startsWith('machine') === true);
  // Once the collector has said how the call ended, a late report changes what is known of the leg and nothing else.
  if (connection !== null && (await getTask(tx, call.taskId))?.state !== 'completed') {
    await setConnection(tx, contactId, { connection, outcome: null });
  }
  if (!isEnded(status)) return false;
  if (status === 'busy' || status === 'failed')
    await setContactState(tx, contactId, { state: 'failed', outcome: status });
  else await setContactState(tx, contactId, { state: 'placed' });
  if (call.voicemail === 'playing') await markPartial(tx, contact, nowMs);
  const news = { kind: 'call-ended', reason: `the borrower’s telephone: ${status}`, data: { borrower: status } };
  await tellOfContact(tx, contact, { ...news, actor: 'provider', atMs: nowMs });
  return true;
}

/** A message that was cut off may say too little to be a limited-content one: a person has to know. */
async function markPartial(tx: Queryable, contact: Contact, nowMs: number): Promise<void> {
  await updateCall(tx, contact.contactId, { voicemail: 'partial' });
  const reason = 'a message on a machine was cut off: it may count as a communication about the debt';
  await tellOfContact(tx, contact, { kind: 'communication-risk', reason, actor: 'provider', atMs: nowMs });
}
