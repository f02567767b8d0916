import type { Pool } from 'pg';
import { ProviderUnreachable } from '../channels/outcome';
import { reconcileContact, type SendingDeps, settleContact } from '../contact/make-contact';
import { attemptOf } from '../domain/retry-steps';
import { wantRetry } from '../store/contact-retries';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { openAttempts } from '../store/open-attempts';
import { policyActor } from './actor';
import { tellOfContact } from './tell-of-contact';

export interface ReconcileDeps extends SendingDeps {
  readonly nowMs: () => Promise<number>;
  /** Tells the case that a message of its is to be made again. */
  readonly notify: (loanId: string) => Promise<void>;
}

export interface ReconcileTimes {
  /** How old an attempt is before anybody is asked: by then it has ended, and its report has come. */
  readonly askAfterMs: number;
  /** How old it is before the provider's "no such message" is believed: lists may lag behind. */
  readonly believeAfterMs: number;
}

export const usualTimes: ReconcileTimes = { askAfterMs: 60_000, believeAfterMs: 600_000 };

const atOnce = 200;
/** A provider that loses a message twice is not trusted with it a third time: a person looks. */
const attemptsMax = 3;

/**
 * Finds out what became of attempts that ended without an answer, where no case asks: the provider is asked for what it was
 * handed, and what it was never handed is given back. Of what the provider does not have, another attempt is asked for; it
 * is decided afresh and passes the gate like the first. Answers how many were settled.
 */
export async function reconcileAttempts(deps: ReconcileDeps, times: ReconcileTimes = usualTimes): Promise<number> {
  let settled = 0;
  let last: Contact | null = null;
  for (;;) {
    // Page by page: those of which nothing is learnt must not keep the others waiting.
    const page: Contact[] = await openAttempts(deps.pool, times.askAfterMs, { after: last, limit: atOnce });
    for (const contact of page) if (await reconcileOne(deps, contact, times)) settled += 1;
    last = page.at(-1) ?? null;
    if (page.length < atOnce || last === null) return settled;
  }
}

async function reconcileOne(deps: ReconcileDeps, contact: Contact, times: ReconcileTimes): Promise<boolean> {
  const { contactId, loanId, handedAtMs, channel } = contact;
  if (handedAtMs === null && contact.state === 'reserved') return release(deps.pool, contact);
  try {
    const found = await reconcileContact(deps, contact);
    const nowMs = await deps.nowMs();
    if (found !== 'never-made') {
      if (channel === 'sms' && found.kind === 'unknown') return false;
      return await locked(deps.pool, contact, async (tx) => {
        const made = await settleContact(tx, contact, found, nowMs);
        const [kind, reason] =
          made.kind === 'placed'
            ? ['contact-found', 'the provider has it']
            : ['contact-unknown', 'nobody can be asked'];
        await tellOfContact(tx, contact, { kind, reason, actor: policyActor, atMs: nowMs });
      });
    }
    if (Date.now() - (handedAtMs ?? contact.recordedAtMs) < times.believeAfterMs) return false;
    const { attempt } = attemptOf(contact.contactKey);
    const again = attempt < attemptsMax && contact.template !== null;
    const released = await locked(deps.pool, contact, async (tx) => {
      await setContactState(tx, contactId, { state: 'released', outcome: 'never reached the provider' });
      if (again) await wantRetry(tx, contactId, nowMs);
      const news = { kind: 'contact-not-sent', reason: 'the provider does not have it' };
      await tellOfContact(tx, contact, { ...news, actor: policyActor, atMs: nowMs });
    });
    if (released && again) await deps.notify(loanId);
    return released;
  } catch (error) {
    // Nothing was learnt; it is asked again in a while.
    if (error instanceof ProviderUnreachable) return false;
    throw error;
  }
}

/** What was reserved and never handed over: whoever had it is no more. A case that comes back reserves it again. */
async function release(pool: Pool, contact: Contact): Promise<boolean> {
  return locked(pool, contact, async (tx) => {
    await setContactState(tx, contact.contactId, { state: 'released', outcome: 'never handed over' });
  });
}

/** With the customer locked, if the contact is still as it was found. */
async function locked(pool: Pool, found: Contact, act: (tx: Queryable) => Promise<void>): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, found.customerId);
    const now = await getContact(tx, found.contactId);
    if (now?.state !== found.state || now.handedAtMs !== found.handedAtMs) return false;
    await act(tx);
    return true;
  });
}
