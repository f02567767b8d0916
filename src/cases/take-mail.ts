import { z } from 'zod';
import type { IncomingMail } from '../channels/incoming-mail';
import { meaningOfReport } from '../channels/mail-status';
import { foldWord } from '../domain/reply';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState } from '../store/contacts';
import { lockCustomer, markContactPointInvalid } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { raiseAlert } from '../store/operations-alerts';
import { recordReport } from '../store/provider-reports';
import type { ReplyDeps } from './answer-borrower';
import type { Desk } from './desk';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';
import { takeInboundMessage } from './take-inbound-message';
import { tellOfContact } from './tell-of-contact';
import { optOutOf } from './unsubscribe';

/** Takes a mail that the bank's mail system hands in: a delivery report, a complaint, or somebody's words. */
export async function takeMail(desk: Desk, deps: ReplyDeps, mail: IncomingMail): Promise<void> {
  switch (mail.kind) {
    case 'automatic':
      return;
    case 'report':
      return takeReport(desk, mail);
    case 'complaint':
      return takeComplaint(desk, mail);
    case 'message': {
      const { from, subject, text, providerId } = mail;
      // The address in List-Unsubscribe comes with the word in its subject, and often with no text.
      const isUnsubscribe = /^\s*unsubscribe\s*$/i.test(subject);
      // Below the word people sign, with a name or an address.
      const [firstLine = ''] = text.split('\n');
      const saysStop = isUnsubscribe || deps.replies.words.stop.has(foldWord(firstLine));
      const message = { channel: 'email', from, text, providerId } as const;
      return takeInboundMessage(desk, deps, { ...message, providerSays: saysStop ? 'stop' : null });
    }
  }
}

type ReportMail = Extract<IncomingMail, { kind: 'report' }>;
type ComplaintMail = Extract<IncomingMail, { kind: 'complaint' }>;

async function takeReport(desk: Desk, { providerId, about, recipients }: ReportMail): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const toTell = await inTransaction(desk.pool, async (tx) => {
    const contact = await contactAbout(tx, about);
    if (contact !== null) await lockCustomer(tx, contact.customerId);
    let [hasFailed, isAgain] = [false, false];
    for (const { action, status, recipients: named } of recipients) {
      const contactId = contact?.contactId ?? null;
      const report = { provider: 'mail', providerId, status: action, contactId, code: status } as const;
      const isNew = await recordReport(tx, report);
      // Whoever took it before may have written it down and then not reached the case.
      if (!isNew) isAgain = true;
      if (!isNew || contact === null) continue;
      const isOurs = named.length === 0 || named.includes((contact.contactPoint ?? '').toLowerCase());
      if (await follow(tx, contact, { action, status, isOurs }, nowMs)) hasFailed = true;
    }
    if (contact !== null && hasFailed) await reviewReach(tx, desk, contact.customerId, nowMs);
    return hasFailed || isAgain ? contact : null;
  });
  // A contact that failed counts no more: what legal means need may be missing again.
  if (toTell !== null) await notifyCase(desk, toTell.loanId);
}

/** Answers whether the contact failed by it. */
async function follow(
  tx: Queryable,
  contact: Contact,
  { action, status, isOurs }: { readonly action: string; readonly status: string; readonly isOurs: boolean },
  nowMs: number,
): Promise<boolean> {
  const { contactId, customerId, contactPoint } = contact;
  const meaning = meaningOfReport(action, status);
  const tell = (kind: string, reason: string): Promise<void> =>
    tellOfContact(tx, contact, { kind, reason, actor: 'provider', atMs: nowMs, data: { status } });
  switch (meaning) {
    case 'nothing':
      return false;
    case 'delayed':
      await tell('contact-delayed', 'the mail system is still trying');
      return false;
    case 'delivered': {
      const { moved } = await setContactState(tx, contactId, { state: 'delivered' });
      if (moved) await tell('contact-delivered', 'delivered');
      return false;
    }
    case 'bad-address':
    case 'policy':
    case 'gave-up': {
      const { moved } = await setContactState(tx, contactId, { state: 'failed', outcome: status });
      if (moved) await tell('contact-failed', reasons[meaning]);
      // The address that a mail was forwarded to says nothing about ours.
      if (meaning === 'bad-address' && isOurs && contactPoint !== null) {
        await markContactPointInvalid(tx, customerId, 'email', contactPoint, `bounce ${status}`);
      }
      if (meaning === 'policy') {
        await raiseAlert(tx, { kind: 'configuration', provider: 'mail', code: status, contactId, atMs: nowMs });
      }
      return moved;
    }
  }
}

const reasons = {
  'bad-address': 'the mailbox does not exist or takes no mail',
  policy: 'the other mail system refuses us by its policy',
  'gave-up': 'the mail system tried for days and gave up',
} as const;

async function takeComplaint(desk: Desk, { providerId, about }: ComplaintMail): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const contact = await contactAbout(tx, about);
    if (contact !== null) await lockCustomer(tx, contact.customerId);
    const contactId = contact?.contactId ?? null;
    const isNew = await recordReport(tx, { provider: 'mail', providerId, status: 'complaint', contactId, code: null });
    if (!isNew || contact === null) return;
    const reason = 'the reader called the e-mail spam';
    await tellOfContact(tx, contact, { kind: 'complaint', actor: 'provider', reason, atMs: nowMs });
    await optOutOf(tx, contact, 'complaint', nowMs);
  });
}

/** The message that one of the ids names; all of them were made by us, but came through other hands. */
async function contactAbout(tx: Queryable, about: readonly string[]): Promise<Contact | null> {
  for (const id of about) {
    const contactId = z.uuid().safeParse(id);
    const contact = contactId.success ? await getContact(tx, contactId.data) : null;
    if (contact !== null && contact.channel === 'email') return contact;
  }
  return null;
}
