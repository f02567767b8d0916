import type { Answer, Calendars, Evidence, ZoneClock } from './evidence';
import { bearsOnContact, judgeRule } from './judges';
import { counts } from './past-contact';
import type { ContactPack, ContactRule } from './rule';
import type { Situation } from './situation';
import { whyNotTheirs } from './whose-debt';

/** `rules`: those that were applied to an allowed contact, else those that spoke against it at the asked instant. */
export type Verdict =
  | {
      readonly kind: 'allow';
      readonly rules: readonly string[];
      /** Rules that whoever makes the contact has to keep: how a visit is made. */
      readonly conditions: readonly string[];
    }
  | { readonly kind: 'deny'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: 'defer'; readonly untilMs: number; readonly rules: readonly string[]; readonly reason: string };

/** Rules that find no common instant in so many turns (a day takes a few) hardly ever will, and a person should look. */
const roundsMax = 100;

/**
 * The judgement of the gate, pure. A deferred contact is given the first instant at which every rule of every pack
 * allows it, should nothing else happen. What is not known is denied: no pack, no rule for the channel, a zone or a kind
 * of rule that nobody knows.
 */
export function judgeContact(situation: Situation, packs: readonly ContactPack[], calendars: Calendars): Verdict {
  const asked = askRules(situation, packs, calendars);
  if ('unasked' in asked) return { kind: 'deny', rules: [], reason: asked.unasked };
  const { atMs } = situation;
  const { answers, evidence } = asked;
  const rules = answers.map(({ rule }) => rule);
  const refused = answers.filter(({ answer }) => typeof answer !== 'number');
  if (refused.length > 0) return denied(refused);
  const against = answers.filter(({ answer }) => answer !== atMs).map(({ rule }) => rule.id);
  if (against.length === 0) {
    return { kind: 'allow', rules: rules.map(({ id }) => id), conditions: conditionsOf(rules, evidence) };
  }
  const untilMs = firstAllowedMs(rules, evidence, atMs);
  return untilMs === null
    ? { kind: 'deny', rules: against, reason: 'no instant of the weeks ahead is allowed by all rules' }
    : { kind: 'defer', untilMs, rules: against, reason: `not before the instant that ${against.join(', ')} allows` };
}

/** Rules in force that ask how a visit is made, where nobody says it, whatever the others answer. */
export function openConditions(
  situation: Situation,
  packs: readonly ContactPack[],
  calendars: Calendars,
): readonly string[] {
  const asked = askRules(situation, packs, calendars);
  if ('unasked' in asked) return [];
  return conditionsOf(
    asked.answers.map(({ rule }) => rule),
    asked.evidence,
  );
}

function conditionsOf(rules: readonly ContactRule[], { situation, clocks }: Evidence): readonly string[] {
  const { visit, atMs } = situation;
  if (visit !== null) return [];
  return rules.filter((rule) => rule.kind === 'visit' && isInForce(rule, clocks, atMs)).map(({ id }) => id);
}

export interface RuleAnswer {
  readonly rule: ContactRule;
  readonly answer: Answer;
}

/** What every rule that is asked says of the contact, or why none can be asked: what is not known, or a loan that is sold or not theirs. */
export function askRules(
  situation: Situation,
  packs: readonly ContactPack[],
  calendars: Calendars,
): { readonly answers: readonly RuleAnswer[]; readonly evidence: Evidence } | { readonly unasked: string } {
  const { atMs, channel, zones, soldLoanIds = [] } = situation;
  if (packs.length === 0) return { unasked: 'no pack of contact rules is in force' };
  const clocks = zones.map(calendars.clockOf).filter((clock) => clock !== null);
  if (clocks.length === 0 || clocks.length < zones.length) return { unasked: 'the person’s time zone is not known' };
  if (situation.loanIds.length === 0) return { unasked: 'the contact is about no loan' };
  if (soldLoanIds.some((sold) => situation.loanIds.includes(sold))) return { unasked: 'the loan was sold' };
  const notTheirs = whyNotTheirs(situation);
  if (notTheirs !== null) return { unasked: notTheirs };
  const rules = packs.flatMap((pack) => pack.rules).filter((rule) => isAsked(rule, situation));
  if (rules.length === 0) return { unasked: `no rule in force speaks about contacts by ${channel}` };
  const evidence: Evidence = { situation, ledger: situation.ledger.filter(counts), clocks, calendars };
  return { answers: rules.map((rule) => ({ rule, answer: answerOf(rule, evidence, atMs) })), evidence };
}

export function isAsked(rule: ContactRule, { channel, purpose, contactPoint, artificialVoice }: Situation): boolean {
  return (
    bearsOnContact(rule) &&
    (rule.kind !== 'consentBasis' || rule.voice === undefined || artificialVoice === true) &&
    rule.channels.includes(channel) &&
    (rule.purposes === undefined || rule.purposes.includes(purpose)) &&
    (rule.places === undefined || rule.places.includes(contactPoint?.place ?? 'unknown'))
  );
}

/** A rule asks nothing before its first day, and nothing from the day on which it ends. */
export function answerOf(rule: ContactRule, evidence: Evidence, atMs: number): Answer {
  const { clocks } = evidence;
  if (!isInForce(rule, clocks, atMs)) return atMs;
  const endMs = endOfRule(rule, clocks);
  const answer = judgeRule(rule, evidence, atMs);
  if (typeof answer === 'number') return Math.min(answer, endMs);
  return endMs === Infinity ? answer : endMs;
}

function isInForce(rule: ContactRule, clocks: readonly ZoneClock[], atMs: number): boolean {
  const { from } = rule;
  const isYetToCome = from !== undefined && clocks.every((clock) => clock.dayOf(atMs) < from);
  return !isYetToCome && atMs < endOfRule(rule, clocks);
}

function endOfRule({ until }: ContactRule, clocks: readonly ZoneClock[]): number {
  return until === undefined ? Infinity : Math.max(...clocks.map((clock) => clock.startOfDayMs(until)));
}

/** Asks every rule again at each later instant that one of them names, until all allow the same one. */
function firstAllowedMs(rules: readonly ContactRule[], evidence: Evidence, fromMs: number): number | null {
  let atMs = fromMs;
  for (let round = 0; round < roundsMax; round++) {
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

function denied(refused: readonly RuleAnswer[]): Verdict {
  const reasons = refused.map(({ answer }) => (typeof answer === 'number' ? '' : answer.never));
  return { kind: 'deny', rules: refused.map(({ rule }) => rule.id), reason: [...new Set(reasons)].join('; ') };
}
