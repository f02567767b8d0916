import type { BankCalendar } from './bank-calendar';
import type { Channel } from './case';
import { judges } from './contact-judges';

/** A contact that is about to be made. */
export interface ContactRequest {
  readonly channel: Channel;
  readonly atMs: number;
  /** Every IANA zone in which the person may be. A rule about the time of day must hold in all of them. */
  readonly zones: readonly string[];
}

/** States of a contact, as the ledger keeps them. */
export type ContactState = 'reserved' | 'placed' | 'delivered' | 'failed' | 'unknown' | 'released' | 'denied';

/** A row of the ledger: one contact with this person, about whichever loan, without the one that is being judged. */
export interface PastContact {
  readonly channel: Channel;
  readonly atMs: number;
  readonly state: ContactState;
  /** The provider took it before it failed. A contact that failed unsent reached nobody and does not count. */
  readonly handedOver: boolean;
}

interface RuleBase {
  readonly id: string;
  /** The rule is asked for contacts by these channels and counts contacts by these. */
  readonly channels: readonly Channel[];
}

/** Local time of day `[start, end)`, `HH:mm`, in each of the person's zones. */
export interface TimeWindowRule extends RuleBase {
  readonly kind: 'timeWindow';
  readonly start: string;
  readonly end: string;
}

/**
 * At most `max` contacts with the person in a window, over all loans. `rollingDays: 7` means the local day and the six
 * before it, and also any 7 times 24 hours: the stricter of the two.
 */
export interface FrequencyCapRule extends RuleBase {
  readonly kind: 'frequencyCap';
  readonly max: number;
  readonly scope: 'person';
  readonly window: 'calendarDay' | { readonly rollingDays: number };
}

/** Never while the flag is set for the channel. */
export interface BlockRule extends RuleBase {
  readonly kind: 'block';
  readonly flag: 'opt-out';
}

export type ContactRule = TimeWindowRule | FrequencyCapRule | BlockRule;

/** Contact rules of one source, in force together with every other pack: the strictest rule wins. */
export interface ContactPack {
  readonly id: string;
  readonly version: string;
  readonly rules: readonly ContactRule[];
}

/** `rules`: those that were applied to an allowed contact, else those that spoke against it at the asked instant. */
export type Verdict =
  | { readonly kind: 'allow'; readonly rules: readonly string[] }
  | { readonly kind: 'deny'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: 'defer'; readonly untilMs: number; readonly rules: readonly string[]; readonly reason: string };

export type ZoneClock = Pick<BankCalendar, 'dayOf' | 'instantAt' | 'startOfDayMs'>;

/** What a judge may look at. */
export interface Evidence {
  readonly channel: Channel;
  readonly ledger: readonly PastContact[];
  readonly optedOut: ReadonlySet<Channel>;
  readonly clocks: readonly ZoneClock[];
}

/** Longer than any rolling window: what is not allowed by then will hardly be at all, and a person should look. */
const horizonMs = 62 * 86_400_000;
const roundsMax = 1000;

/**
 * The judgement of the gate, pure. A deferred contact is given the first instant at which every rule of every pack
 * allows it, should nothing else happen. What is not known is denied: no pack, no rule for the
 * channel, a zone or a kind of rule that nobody knows.
 * @param calendarFor the clock of a zone, null for a zone that does not exist.
 */
export function judgeContact(
  request: ContactRequest,
  ledger: readonly PastContact[],
  optedOut: ReadonlySet<Channel>,
  packs: readonly ContactPack[],
  calendarFor: (zone: string) => ZoneClock | null,
): Verdict {
  if (packs.length === 0) return { kind: 'deny', rules: [], reason: 'no pack of contact rules is in force' };
  const clocks = request.zones.map(calendarFor).filter((clock) => clock !== null);
  if (clocks.length === 0 || clocks.length < request.zones.length) {
    return { kind: 'deny', rules: [], reason: 'the person’s time zone is not known' };
  }
  const rules = packs.flatMap((pack) => pack.rules).filter(({ channels }) => channels.includes(request.channel));
  if (rules.length === 0) {
    return { kind: 'deny', rules: [], reason: `no rule in force speaks about contacts by ${request.channel}` };
  }
  const evidence: Evidence = { channel: request.channel, ledger: ledger.filter(counts), optedOut, clocks };
  const answers = rules.map((rule) => ({ id: rule.id, answer: answerOf(rule, evidence, request.atMs) }));
  const refused = answers.filter(({ answer }) => typeof answer !== 'number');
  if (refused.length > 0) return denied(refused);
  const against = answers.filter(({ answer }) => answer !== request.atMs).map(({ id }) => id);
  if (against.length === 0) return { kind: 'allow', rules: rules.map(({ id }) => id) };
  const untilMs = firstAllowedMs(rules, evidence, request.atMs);
  return untilMs === null
    ? { kind: 'deny', rules: against, reason: 'no instant of the next two months is allowed' }
    : { kind: 'defer', untilMs, rules: against, reason: `not before the instant that ${against.join(', ')} allows` };
}

/** An instant from which the rule may allow the contact (the asked one when it does), or why it never will. */
export type Answer = number | { readonly never: string };

function answerOf(rule: ContactRule, evidence: Evidence, atMs: number): Answer {
  // A pack that was written for a later release may hold kinds that this one does not know.
  return Object.hasOwn(judges, rule.kind) ? judges[rule.kind](rule as never, evidence, atMs) : unknownKind(rule);
}

function unknownKind({ kind }: ContactRule): Answer {
  return { never: `rule kind ${kind} is not known` };
}

/** Asks every rule again at each later instant that one of them names, until all allow the same one. */
function firstAllowedMs(rules: readonly ContactRule[], evidence: Evidence, fromMs: number): number | null {
  let atMs = fromMs;
  for (let round = 0; round < roundsMax && atMs <= fromMs + horizonMs; round++) {
    let latestMs = atMs;
    for (const rule of rules) {
      const answer = answerOf(rule, evidence, atMs);
      if (typeof answer !== 'number') return null;
      latestMs = Math.max(latestMs, answer);
    }
    if (latestMs === atMs) return atMs;
    atMs = latestMs;
  }
  return null;
}

function denied(refused: readonly { readonly id: string; readonly answer: Answer }[]): Verdict {
  const reasons = refused.map(({ answer }) => (typeof answer === 'number' ? '' : answer.never));
  return { kind: 'deny', rules: refused.map(({ id }) => id), reason: [...new Set(reasons)].join('; ') };
}

/** An attempt whose end is not known counts as made. */
function counts({ state, handedOver }: PastContact): boolean {
  if (state === 'failed') return handedOver;
  return state !== 'released' && state !== 'denied';
}
