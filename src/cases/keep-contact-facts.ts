import { Refusal } from '../domain/refusal';
import {
  addGrant,
  addInconvenientTime,
  addMilestone,
  endFact,
  type Ending,
  type NewGrant,
  type NewInconvenientTime,
  type NewMilestone,
  setToldTimezones,
} from '../store/contact-facts';
import { type NewConsent, recordConsent } from '../store/consents';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { loadLoanFacts } from '../store/loan-facts';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { requireParty } from './require-party';
import { tellCases } from './tell-cases';

/** What is written down, and what the timelines say of it. Their data names no number, address or text. */
interface Note {
  readonly customerId: string;
  readonly actor: string;
  readonly loanId: string | null;
  readonly kind: string;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** @throws Refusal NotFound, or InputInvalid for a party who is not on record or an end before the beginning. */
export function giveGrant(desk: Desk, grant: NewGrant): Promise<void> {
  const { customerId, actor, channel, partyId, untilMs, atMs } = grant;
  if (untilMs !== null && untilMs <= atMs) throw new Refusal('InputInvalid', 'must lie after at', 'until');
  const note = {
    customerId,
    actor,
    loanId: null,
    kind: 'grant-given',
    reason: grant.grant,
    data: { channel, partyId, untilMs },
  };
  return keepFact(desk, note, async (tx) => {
    await requireParty(tx, grant);
    return addGrant(tx, grant);
  });
}

/** @throws Refusal InputInvalid for a word of the future, or one that an opt-out in force came after. */
export function hearConsent(desk: Desk, consent: Omit<NewConsent, 'atMs'>, toldMs: number | undefined): Promise<void> {
  const { customerId, actor, channel, state } = consent;
  const reason = `${state === 'opted-in' ? 'agreed to' : 'asked for no more'} ${channel}`;
  const note = { customerId, actor, loanId: null, kind: state, reason, data: { channel, toldMs: toldMs ?? null } };
  return keepFact(desk, note, (tx, nowMs) => recordConsent(tx, { ...consent, atMs: toldMs ?? nowMs }, nowMs));
}

export function respectTime(desk: Desk, time: NewInconvenientTime): Promise<void> {
  const { customerId, actor, channel } = time;
  const data = { channel, weekdays: time.weekdays, start: time.start, end: time.end };
  const note = { customerId, actor, loanId: null, kind: 'inconvenient-time-set', reason: 'the borrower asked', data };
  return keepFact(desk, note, (tx) => addInconvenientTime(tx, time));
}

export function reachMilestone(desk: Desk, milestone: NewMilestone): Promise<void> {
  const { customerId, actor, loanId, event } = milestone;
  const note = { customerId, actor, loanId, kind: 'milestone-reached', reason: event, data: { atMs: milestone.atMs } };
  return keepFact(desk, note, (tx) => addMilestone(tx, milestone));
}

/** Ends a grant or an inconvenient time, with the reason. What was known until then stays on record. */
export function endKnown(desk: Desk, ending: Ending): Promise<void> {
  const { customerId, actor, fact, id, reason } = ending;
  const note = { customerId, actor, loanId: null, kind: `${fact}-ended`, reason, data: { id } };
  return keepFact(desk, note, (tx) => endFact(tx, ending));
}

export function hearTimezones(desk: Desk, customerId: string, zones: readonly string[], actor: string): Promise<void> {
  const note = { customerId, actor, loanId: null, kind: 'timezones-told', reason: 'the borrower said', data: {} };
  return keepFact(desk, note, (tx) => setToldTimezones(tx, customerId, zones));
}

/** Writes one thing down with the borrower locked, says so in the timelines, and lets their cases look again. */
export async function keepFact(
  desk: Desk,
  note: Note,
  write: (tx: Queryable, nowMs: number) => Promise<unknown>,
): Promise<void> {
  const { customerId, loanId, ...event } = note;
  const atMs = await desk.clock.nowMs();
  const loanIds = await inTransaction(desk.pool, async (tx) => {
    await lockCustomer(tx, customerId);
    if (loanId !== null && (await loadLoanFacts(tx, loanId))?.customerId !== customerId) {
      throw new Refusal('InputInvalid', 'is no loan of this customer', 'loanId');
    }
    await write(tx, atMs);
    return tellCases(tx, customerId, loanId, { ...event, atMs });
  });
  for (const one of loanIds) await notifyCase(desk, one);
}
