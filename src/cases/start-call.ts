import type { SendOutcome } from '../channels/outcome';
import { askAgain, callEndsBeforeMs } from '../contact/ask-again';
import { type ContactWish, type Gate, passGate } from '../contact/gate';
import { Refusal } from '../domain/refusal';
import { addCall, type Call, getCall, latestCallOfTask, setContactPointOf, updateCall } from '../store/calls';
import { contactByKey } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState } from '../store/contacts';
import { type ContactPoint, getCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { type CallDeps, callUrl } from './call-deps';
import type { CaseReading } from './read-facts';
import { giveUp, isRunning } from './silent-calls';
import { contactKeyOfTask, isOthers, loansOfTask, lockTask, readingOfTask, refuse, restOf } from './work-task';

export interface CallWish {
  /** One of the borrower's numbers on record; null for the one that was reserved. */
  readonly contactPoint: string | null;
  readonly collectorPhone: string;
}

export interface StartedCall {
  readonly call: Call;
  readonly contact: Contact;
}

type Begun = (StartedCall & { readonly isNew: boolean }) | { readonly refused: Refusal };

const collectorRingSeconds = 25;

/**
 * Has the provider ring the collector, who is then joined with the borrower. The gate is asked now, and once more when the
 * borrower is dialled. A second request while the call runs is the same call; after it ended unanswered it is the next attempt.
 * @throws Refusal NotFound, NotYourTask, InputInvalid, ContactNotAllowed or Unavailable.
 */
export async function startCall(deps: CallDeps, taskId: string, wish: CallWish, actor: Actor): Promise<StartedCall> {
  const { desk, voice, publicUrl } = deps;
  if (voice === null) throw new Refusal('Unavailable', 'no number to call from is set: TWILIO_VOICE_FROM');
  const nowMs = await desk.clock.nowMs();
  const begun = await inTransaction(desk.pool, (tx) => begin(tx, deps, taskId, wish, actor, nowMs));
  if ('refused' in begun) throw begun.refused;
  const { contactId } = begun.contact;
  if (begun.isNew) {
    const outcome = await voice.call({
      to: wish.collectorPhone,
      url: callUrl(publicUrl, contactId, 'connect'),
      statusCallbackUrl: callUrl(publicUrl, contactId, 'collector'),
      ringSeconds: collectorRingSeconds,
    });
    await inTransaction(desk.pool, (tx) => settle(tx, begun.contact, outcome, nowMs));
  }
  return readCall(desk.pool, contactId);
}

export async function readCall(db: Queryable, contactId: string): Promise<StartedCall> {
  const [call, contact] = [await getCall(db, contactId), await getContact(db, contactId)];
  if (call === null || contact === null) throw new Refusal('NotFound', 'no such call', 'contactId');
  return { call, contact };
}

async function begin(
  tx: Queryable,
  { desk, gate }: CallDeps,
  taskId: string,
  wish: CallWish,
  actor: Actor,
  nowMs: number,
): Promise<Begun> {
  const task = await lockTask(tx, taskId);
  const isTrace = task.kind === 'trace';
  if (task.kind !== 'call' && !isTrace) {
    throw new Refusal('InputInvalid', `a ${task.kind} is not made by telephone`, 'taskId');
  }
  if (isOthers(task, actor)) throw new Refusal('NotYourTask', 'somebody else has claimed the task');
  if (task.state !== 'claimed') throw new Refusal('NotYourTask', `claim it first; the task is ${task.state}`);
  const latest = await latestCallOfTask(tx, taskId);
  if (latest !== null && isRunning(latest, nowMs)) return { ...(await readCall(tx, latest.contactId)), isNew: false };
  if (latest !== null) await giveUp(tx, latest, nowMs);
  // Who traces a borrower asks one after another.
  if (!isTrace && latest !== null && latest.borrowerStatus === 'completed' && !isMachine(latest)) {
    return { refused: new Refusal('ContactNotAllowed', 'the borrower has answered: complete the task') };
  }
  const reading = await readingOfTask(tx, desk, task, nowMs);
  const rest = restOf(reading);
  if (rest !== null) return { refused: await refuse(tx, task, actor, nowMs, [], rest) };

  const number = await numberFor(tx, task, wish);
  const asked = { number, attempt: (latest?.attempt ?? 0) + 1, actor, nowMs };
  const contact = isTrace
    ? await reserveQuestion(tx, gate, task, asked)
    : await reserveCall(tx, gate, reading, task, asked);
  if ('rules' in contact) return { refused: await refuse(tx, task, actor, nowMs, contact.rules, contact.why) };
  const { contactId } = contact;
  const call = { contactId, taskId, startedBy: actor.name, collectorPhone: wish.collectorPhone, askedAtMs: nowMs };
  await addCall(tx, { ...call, attempt: (latest?.attempt ?? 0) + 1 });
  return { ...(await readCall(tx, contactId)), isNew: true };
}

function isMachine({ answeredBy }: Call): boolean {
  return answeredBy?.startsWith('machine') === true;
}

async function numberFor(
  tx: Queryable,
  { customerId }: Task,
  { contactPoint }: CallWish,
): Promise<ContactPoint | null> {
  if (contactPoint === null) return null;
  const points = (await getCustomer(tx, customerId))?.contactPoints ?? [];
  const found = points.find(({ kind, value }) => kind === 'phone' && value === contactPoint);
  if (found !== undefined) return found;
  throw new Refusal('InputInvalid', 'is no number on record of this borrower', 'contactPoint');
}

/**
 * Somebody else is asked how the borrower can be reached, and nothing else: the purpose says so to the rules.
 * @throws Refusal InputInvalid where no number of somebody else is named.
 */
async function reserveQuestion(tx: Queryable, gate: Gate, task: Task, asked: Reserving): Promise<Contact | No> {
  const { number, nowMs } = asked;
  if (number === null)
    throw new Refusal('InputInvalid', 'a trace asks somebody else: say which number', 'contactPoint');
  if (number.partyId === null) {
    throw new Refusal('InputInvalid', 'is the borrower’s own, and a trace asks somebody else', 'contactPoint');
  }
  const wish = { purpose: 'location-info', contactPoint: number.value, loanIds: [task.loanId] } as const;
  const contact = await reserveAnew(tx, gate, task, asked, wish);
  if ('rules' in contact) return contact;
  const verdict = await askAgain(tx, gate, contact, nowMs, { aheadMs: callEndsBeforeMs });
  if (verdict.kind === 'allow') return contact;
  await setContactState(tx, contact.contactId, { state: 'released', outcome: 'not allowed' });
  return { rules: verdict.rules, why: verdict.reason };
}

/** A call that is a contact of its own. */
async function reserveAnew(
  tx: Queryable,
  gate: Gate,
  { taskId, customerId, loanId, caseNo }: Task,
  { attempt, actor, nowMs }: Reserving,
  { purpose, contactPoint, loanIds }: Pick<ContactWish, 'purpose' | 'contactPoint' | 'loanIds'>,
): Promise<Contact | No> {
  const nothingSaid = {
    template: null,
    language: null,
    subject: null,
    body: null,
    offers: [],
    tags: null,
    sender: null,
  };
  const about = { contactKey: `${contactKeyOfTask(taskId)}/call/${attempt}`, customerId, loanId, caseNo, loanIds };
  const wish = { ...about, ...nothingSaid, channel: 'call', purpose, contactPoint, madeBy: actor.name } as const;
  const passage = await passGate(tx, gate, wish, nowMs);
  if (passage.kind === 'covered') return { rules: [], why: 'another contact named this loan today' };
  if (passage.kind === 'denied' || passage.kind === 'deferred') return { rules: passage.rules, why: passage.reason };
  return passage.contact;
}

interface Reserving {
  readonly number: ContactPoint | null;
  readonly attempt: number;
  readonly actor: Actor;
  readonly nowMs: number;
}

interface No {
  readonly rules: readonly string[];
  readonly why: string;
}

/** The first attempt is the contact that was reserved when the task was claimed; each further one is a contact of its own. */
async function reserveCall(
  tx: Queryable,
  gate: Gate,
  reading: CaseReading,
  task: Task,
  asked: Reserving,
): Promise<Contact | No> {
  const { number, attempt, nowMs } = asked;
  const first = await contactByKey(tx, contactKeyOfTask(task.taskId));
  if (first === null) return { rules: [], why: 'nothing was reserved for this task' };
  const isFirst = attempt === 1 && first.state === 'reserved';
  const loanIds =
    isFirst && number === null ? first.loanIds : [...(await loansOfTask(tx, gate, reading, number ?? first, nowMs))];
  let contact = first;
  if (isFirst) {
    contact = { ...first, loanIds, contactPoint: number?.value ?? first.contactPoint };
  } else {
    const contactPoint = number?.value ?? first.contactPoint;
    const anew = await reserveAnew(tx, gate, task, asked, { purpose: 'follow-up', contactPoint, loanIds });
    if ('rules' in anew) return anew;
    contact = anew;
  }
  const verdict = await askAgain(tx, gate, contact, nowMs, { aheadMs: callEndsBeforeMs });
  if (verdict.kind === 'allow') {
    if (attempt === 1 && number !== null) await setContactPointOf(tx, contact.contactId, number, loanIds);
    return contact;
  }
  // A further attempt that may not begin gives its slot back; the first keeps the one that its task holds.
  if (attempt > 1) await setContactState(tx, contact.contactId, { state: 'released', outcome: 'not allowed' });
  return { rules: verdict.rules, why: verdict.reason };
}

async function settle(tx: Queryable, contact: Contact, outcome: SendOutcome, nowMs: number): Promise<void> {
  const { contactId, loanId, caseNo, madeBy: actor } = contact;
  const event = { loanId, caseNo, atMs: nowMs, actor };
  switch (outcome.kind) {
    case 'accepted':
      await updateCall(tx, contactId, { collectorSid: outcome.providerId });
      await recordEvent(tx, {
        ...event,
        kind: 'call-started',
        reason: 'the collector is rung first',
        data: { contactId },
      });
      return;
    case 'unknown':
      // Perhaps it rings: it counts until the provider says otherwise.
      await setContactState(tx, contactId, { state: 'unknown', outcome: outcome.reason });
      await recordEvent(tx, { ...event, kind: 'contact-unknown', reason: outcome.reason, data: { contactId } });
      return;
    case 'busy':
    case 'refused': {
      const failure = outcome.kind === 'busy' ? 'the provider is busy' : `${outcome.code}: ${outcome.reason}`;
      await setContactState(tx, contactId, { state: 'released', outcome: failure });
      await updateCall(tx, contactId, { failure });
      await recordEvent(tx, { ...event, kind: 'call-failed', reason: failure, data: { contactId } });
    }
  }
}
