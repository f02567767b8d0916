import type { CaseState, Decision, StepOutcome, StepResult } from '../domain/case';
import { nextStep } from '../domain/next-step';
import { type Language, languageFor } from '../domain/policy';
import { remindedPart } from '../domain/promise/promise-reminders';
import { Refusal } from '../domain/refusal';
import { type Bank, composeMessage, purposeOf } from '../contact/compose';
import { type Gate, loansAllowed, type Passage, passGate } from '../contact/gate';
import { clockFrom, type Handing, handOver } from '../contact/hand-over';
import { outcomeOfUnclear, placeContact, type SendingDeps, settleContact } from '../contact/make-contact';
import { lockBorrowerOf } from '../store/case-lock';
import { contactByKey } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import { setContactState } from '../store/contacts';
import { firstContacts } from '../store/contact-situation';
import { bestContactPoint, type ContactPoint, type CustomerRecord, getCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import { policyActor } from './actor';
import { loansToName } from './loans-to-name';
import { reviewReach } from './lost-contact';
import { isSameDeed } from './projection';
import { type CaseReading, delinquencyRules, readCase } from './read-facts';
import { finishStep, recordSuperseded, type StepDeps } from './take-step';

export interface ContactStepDeps extends StepDeps, SendingDeps {
  readonly gate: Gate;
  readonly bank: Bank;
}

type ContactDecision = Extract<Decision, { do: 'contact' }>;

/** What the first transaction found: an end, or a contact that the provider has to be asked for or about. */
type Prepared =
  | { readonly kind: 'ended'; readonly result: StepResult }
  | { readonly kind: 'send' | 'reconcile'; readonly contact: Contact };

/**
 * Makes one contact, once (design, decision 8): reserve in a transaction, call the provider, write the outcome in another.
 * When a process dies in between, the next attempt finds the reservation and asks the provider what became of it.
 */
export async function takeContactStep(
  deps: ContactStepDeps,
  state: CaseState,
  decision: ContactDecision,
  nowMs: number,
): Promise<StepResult> {
  const prepared = await prepare(deps, state, decision, nowMs);
  if (prepared.kind === 'ended') return prepared.result;
  const { contact } = prepared;
  if (prepared.kind === 'reconcile') {
    return settle(deps, state, decision, contact, await outcomeOfUnclear(deps, contact), nowMs);
  }
  const handed = await handStepOver(deps, state, decision, contact, nowMs);
  switch (handed.kind) {
    case 'ended':
      return handed.result;
    case 'taken':
      return takeContactStep(deps, state, decision, nowMs);
    case 'go':
      return settle(deps, state, decision, handed.contact, await placeContact(deps, handed), nowMs);
  }
}

type Ended = Extract<Prepared, { kind: 'ended' }>;

/** The last look before the provider is called; what it stops is on the timeline in the same transaction. */
function handStepOver(
  deps: ContactStepDeps,
  state: CaseState,
  decision: ContactDecision,
  { contactId }: Contact,
  nowMs: number,
): Promise<Handing | { readonly kind: 'taken' } | Ended> {
  const clock = clockFrom(nowMs);
  return inTransaction(deps.pool, async (tx) => {
    const handed = await handOver(tx, deps.gate, contactId, clock);
    if (handed.kind === 'go' || handed.kind === 'taken') return handed;
    const note = noteOf(handed);
    if (note !== null) await recordStep(tx, state, decision, nowMs, note);
    const outcome: StepOutcome =
      handed.kind === 'deferred' ? { kind: 'deferred', untilMs: handed.untilMs } : { kind: 'done' };
    return { kind: 'ended', result: await finishStep(tx, deps, state, decision, outcome, nowMs) };
  });
}

function prepare(deps: ContactStepDeps, state: CaseState, decision: ContactDecision, nowMs: number): Promise<Prepared> {
  return inTransaction(deps.pool, async (tx) => {
    const end = async (outcome: StepOutcome): Promise<Prepared> => {
      return { kind: 'ended', result: await finishStep(tx, deps, state, decision, outcome, nowMs) };
    };
    await lockBorrowerOf(tx, state.loanId);
    // What an earlier attempt has made is done, whatever the facts ask for now that it is made.
    const earlier = await contactByKey(tx, contactKeyOf(state, decision));
    if (earlier?.state === 'reserved') {
      if (earlier.handedAtMs !== null) return { kind: 'reconcile', contact: earlier };
      // The provider has certainly seen nothing, so everything is decided afresh.
      await setContactState(tx, earlier.contactId, { state: 'released', outcome: 'never handed over' });
    } else if (earlier !== null && earlier.state !== 'released') {
      return end({ kind: 'done' });
    }

    const reading = await readCase(tx, deps, state, nowMs);
    if (!isSameDeed(nextStep(state, reading.facts, nowMs), decision)) return end({ kind: 'changed' });
    await recordSuperseded(tx, state, decision.supersedes, decision.step.key, nowMs);

    const passage = await tryToPass(tx, deps, reading, state, decision, nowMs);
    const note = noteOf(passage);
    if (note !== null) await recordStep(tx, state, decision, nowMs, note);
    switch (passage.kind) {
      case 'reserved':
        return { kind: 'send', contact: passage.contact };
      case 'known':
        return passage.contact.state === 'reserved'
          ? { kind: 'reconcile', contact: passage.contact }
          : end({ kind: 'done' });
      case 'deferred':
        return end({ kind: 'deferred', untilMs: passage.untilMs });
      case 'covered':
      case 'denied':
        return end({ kind: 'done' });
    }
  });
}

async function tryToPass(
  tx: Queryable,
  deps: ContactStepDeps,
  reading: CaseReading,
  state: CaseState,
  decision: ContactDecision,
  nowMs: number,
): Promise<Passage> {
  const { step } = decision;
  if (step.action.kind !== 'contact') throw new Error(`${step.key} is not a contact`);
  const { channel, template } = step.action;
  const { customerId } = reading.loan;
  const customer = await getCustomer(tx, customerId);
  const contactPoint = await bestContactPoint(tx, customerId, channel, [state.loanId], nowMs);
  if (customer === null || contactPoint === null) {
    await reviewReach(tx, deps, customerId, nowMs);
    return impossible(`no usable contact point for ${channel}`);
  }
  const { policy, today } = reading;
  const language = languageFor(policy, customer.language);
  const naming = { customerId, loanId: state.loanId, owner: contactPoint, policy, today, nowMs };
  // A promise is about the one loan.
  const part = remindedPart(reading.promises, step.key);
  const named = part === undefined ? await loansToName(tx, deps.gate, naming) : [reading.loan];
  const { templates } = reading.published;
  const contactKey = contactKeyOf(state, decision);
  const asked = { contactKey, customerId, channel, contactPoint: contactPoint.value };
  const { loanIds, seen } = await loansAllowed(
    tx,
    deps.gate,
    {
      ...{ ...asked, purpose: purposeOf(templates, template), ownLoanId: state.loanId },
      loanIds: named.map(({ loanId }) => loanId),
    },
    nowMs,
  );
  const loans = named.filter(({ loanId }) => loanIds.includes(loanId));
  const contacted = new Set((await firstContacts(tx, customerId, loanIds)).keys());
  try {
    const message = composeMessage({
      ...{ template, channel, language, bank: deps.bank, addressee: addresseeOf(customer, contactPoint, language) },
      ...{ templates, loans, contacted, rules: delinquencyRules(policy), today },
      ...(part !== undefined && {
        promised: { amountMinor: part.amountMinor - part.receivedMinor, dueDay: part.dueDay },
      }),
    });
    const wish = { ...asked, loanId: state.loanId, caseNo: state.caseNo, madeBy: policyActor };
    return await passGate(tx, deps.gate, { ...wish, ...message, template, language }, nowMs, seen);
  } catch (error) {
    if (error instanceof Refusal && error.type === 'TemplateInvalid') return impossible(error.message);
    throw error;
  }
}

/** The names of others than the borrower are not on record, and nobody is called by the name of the dead. */
function addresseeOf({ name }: CustomerRecord, { partyId }: ContactPoint, language: Language): string {
  return partyId === null ? name : { zh: '先生/女士', en: 'Sir or Madam' }[language];
}

/** The business key of the step's contact: claimed once, however many attempts there are. */
function contactKeyOf({ loanId, caseNo }: CaseState, { step }: ContactDecision): string {
  return `${loanId}/${caseNo}/${step.key}`;
}

function impossible(reason: string): Passage {
  return { kind: 'denied', rules: [], reason };
}

function settle(
  deps: ContactStepDeps,
  state: CaseState,
  decision: ContactDecision,
  contact: Contact,
  outcome: Parameters<typeof settleContact>[2],
  nowMs: number,
): Promise<StepResult> {
  return inTransaction(deps.pool, async (tx) => {
    await lockBorrowerOf(tx, state.loanId);
    const made = await settleContact(tx, contact, outcome, nowMs);
    if (made.kind === 'failed') await reviewReach(tx, deps, contact.customerId, nowMs);
    const data = { contactId: contact.contactId, channel: contact.channel, loans: contact.loanIds };
    if (made.kind === 'busy') {
      const untilMs = nowMs + made.retryAfterMs;
      await recordStep(tx, state, decision, nowMs, { kind: 'contact-deferred', reason: 'the provider is busy', data });
      return finishStep(tx, deps, state, decision, { kind: 'deferred', untilMs }, nowMs);
    }
    const kind = made.kind === 'placed' ? 'contact-made' : `contact-${made.kind}`;
    const reason = made.kind === 'placed' ? decision.reason : made.reason;
    await recordStep(tx, state, decision, nowMs, { kind, reason, data });
    return finishStep(tx, deps, state, decision, { kind: 'done' }, nowMs);
  });
}

interface StepNote {
  readonly kind: string;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function noteOf(passage: Passage): StepNote | null {
  switch (passage.kind) {
    case 'covered':
      return {
        kind: 'contact-covered',
        reason: 'a message of another case of the borrower named this loan today',
        data: { contactId: passage.by },
      };
    case 'denied':
      return { kind: 'contact-denied', reason: passage.reason, data: { rules: passage.rules } };
    case 'deferred': {
      const until = new Date(passage.untilMs).toISOString();
      return { kind: 'contact-deferred', reason: passage.reason, data: { rules: passage.rules, until } };
    }
    case 'reserved':
    case 'known':
      return null;
  }
}

async function recordStep(
  tx: Queryable,
  { loanId, caseNo }: CaseState,
  { step }: ContactDecision,
  nowMs: number,
  { kind, reason, data }: StepNote,
): Promise<void> {
  const eventKey = `${kind}/${step.key}/${kind === 'contact-deferred' ? nowMs : ''}`;
  const event = { loanId, caseNo, atMs: nowMs, actor: policyActor, kind, reason, eventKey };
  await recordEvent(tx, { ...event, data: { step: step.key, ...data } });
}
