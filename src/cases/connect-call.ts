import { type CallUrls, dialScript, hangUpScript, sayScript } from '../channels/voice-script';
import { askAgain, callEndsBeforeMs } from '../contact/ask-again';
import type { Language } from '../domain/policy';
import { type Call, getCall, updateCall } from '../store/calls';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState, setContactTime } from '../store/contacts';
import { type Customer, lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { getTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import { type CallDeps, callUrl } from './call-deps';
import { noteCovered } from './note-covered';

/** A telephone that rings for a minute disturbs for a minute. */
const borrowerRingSeconds = 30;

/**
 * What the provider does now that the collector has answered: dial the borrower, if the gate still allows it. An opt-out, a flag
 * or the end of the hours that came in between stops the call here, and the borrower was never disturbed.
 */
export async function connectCall(deps: CallDeps, contactId: string, collectorSid: string): Promise<string> {
  const { desk, voice } = deps;
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, async (tx) => {
    const contact = await getContact(tx, contactId);
    if (contact === null || voice === null) return hangUpScript();
    const customer = await lockCustomer(tx, contact.customerId);
    const call = await getCall(tx, contactId);
    if (call === null || contact.contactPoint === null || !mayDial(call, collectorSid)) return hangUpScript();
    // Asked for twice, because the first answer was lost: the borrower has not been rung yet, and is dialled once.
    if (call.dialledAtMs === null) {
      const no = await whyNot(tx, deps, call, contact, nowMs);
      if (no !== null) return stop(tx, contact, customer.language, no, nowMs);
      await updateCall(tx, contactId, { collectorSid, dialledAtMs: nowMs });
      await setContactTime(tx, contactId, nowMs);
      await setContactState(tx, contactId, { state: 'placed', providerId: collectorSid });
      await noteCovered(tx, contact, { actor: contact.madeBy, nowMs });
    }
    const recorded = deps.recorded && (await mayGreet(tx, deps, contact, nowMs));
    return dial({ ...deps, recorded }, contact, customer, voice.from);
  });
}

function mayDial({ collectorSid, borrowerSid, failure }: Call, sid: string): boolean {
  return borrowerSid === null && failure === null && (collectorSid === null || collectorSid === sid);
}

interface No {
  readonly rules: readonly string[];
  readonly reason: string;
}

async function whyNot(
  tx: Queryable,
  { gate }: CallDeps,
  { taskId }: Call,
  contact: Contact,
  nowMs: number,
): Promise<No | null> {
  if ((await getTask(tx, taskId))?.state !== 'claimed')
    return { rules: [], reason: 'the task is not claimed any more' };
  if (contact.state !== 'reserved' && contact.state !== 'unknown') {
    return { rules: [], reason: `the contact is ${contact.state}` };
  }
  const verdict = await askAgain(tx, gate, contact, nowMs, { aheadMs: callEndsBeforeMs });
  return verdict.kind === 'allow' ? null : verdict;
}

/**
 * Whether the borrower may be told by a machine that the call is recorded. Where an artificial voice needs a consent that is
 * not there, the call goes on between people, and nothing is recorded.
 */
async function mayGreet(tx: Queryable, { gate }: CallDeps, contact: Contact, nowMs: number): Promise<boolean> {
  // The words name the bank, and somebody else is not told for whom the collector calls.
  if (contact.purpose === 'location-info') return false;
  return (await askAgain(tx, gate, contact, nowMs, { artificialVoice: true })).kind === 'allow';
}

async function stop(
  tx: Queryable,
  { contactId, loanId, caseNo }: Contact,
  language: Language,
  { rules, reason }: No,
  nowMs: number,
): Promise<string> {
  await setContactState(tx, contactId, { state: 'released', outcome: 'stopped before the borrower was dialled' });
  await updateCall(tx, contactId, { failure: 'not allowed when the borrower was to be dialled' });
  const event = { loanId, caseNo, atMs: nowMs, kind: 'contact-denied', actor: 'arrears', reason };
  await recordEvent(tx, { ...event, data: { contactId, channel: 'call', rules }, eventKey: `connect/${contactId}` });
  return sayScript(language === 'zh' ? '现在不允许联系该客户。' : 'This call is not allowed now.', language);
}

function dial(
  { publicUrl, recorded }: CallDeps,
  { contactId, contactPoint }: Contact,
  { name, language }: Customer,
  callerId: string,
): string {
  const at = (what: string): string => callUrl(publicUrl, contactId, what);
  const urls: CallUrls = {
    ...{ greeting: at('greeting'), borrower: at('borrower'), machine: at('machine') },
    ...{ ended: at('ended'), recording: at('recording') },
  };
  return dialScript({
    ...{ number: contactPoint ?? '', callerId, borrowerName: name, language, ringSeconds: borrowerRingSeconds },
    ...{ recorded, detectMachine: true, urls },
  });
}
