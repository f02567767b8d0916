import type { Pool } from 'pg';
import { isEnded } from '../domain/call/call-leg';
import { type Call, callsNotDialled, getCall, updateCall } from '../store/calls';
import { getContact, setContactState } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { tellOfContact } from './tell-of-contact';

/** An attempt of which nothing was heard for so long has ended somewhere: the collector's telephone rings for less. */
const silenceMs = 120_000;
/** The provider ends every call after four hours, also where its last report is lost. */
const longestCallMs = 4 * 3_600_000;

/** Whether somebody may be on the telephone still, as far as anything was heard. */
export function isRunning(call: Call, nowMs: number): boolean {
  if (hasEnded(call)) return false;
  const { askedAtMs, dialledAtMs } = call;
  return dialledAtMs === null ? nowMs - askedAtMs < silenceMs : nowMs - dialledAtMs < longestCallMs;
}

function hasEnded({ collectorStatus, borrowerStatus, failure }: Call): boolean {
  return failure !== null || isEnded(collectorStatus) || isEnded(borrowerStatus);
}

/**
 * Ends an attempt whose last report is lost; run it with the borrower locked. Whoever was dialled was contacted, and that counts.
 * Where nobody was dialled yet nobody is any more, because only `connectCall` dials and it leaves this call alone from now on: the
 * slot is given back.
 */
export async function giveUp(tx: Queryable, call: Call, nowMs: number): Promise<void> {
  if (hasEnded(call)) return;
  const { contactId, dialledAtMs } = call;
  await updateCall(tx, contactId, { failure: 'nothing was heard of its end' });
  if (dialledAtMs !== null) return;
  await setContactState(tx, contactId, { state: 'released', outcome: 'cut off before the borrower was dialled' });
  const contact = await getContact(tx, contactId);
  if (contact === null) return;
  const reason = 'nothing was heard of it, and the borrower was not dialled';
  await tellOfContact(tx, contact, { kind: 'call-ended', reason, actor: 'provider', atMs: nowMs });
}

/** Gives back what calls hold that were cut off before anybody was dialled, where no collector asks again. Answers how many. */
export async function giveUpSilentCalls(pool: Pool, nowMs: number): Promise<number> {
  let givenUp = 0;
  for (const { contactId, customerId } of await callsNotDialled(pool, nowMs - silenceMs)) {
    await inTransaction(pool, async (tx) => {
      await lockCustomer(tx, customerId);
      const call = await getCall(tx, contactId);
      if (call === null || hasEnded(call) || isRunning(call, nowMs)) return;
      await giveUp(tx, call, nowMs);
      givenUp += 1;
    });
  }
  return givenUp;
}
