import { type Answer, type Evidence, startOfDayAfter, strictest } from './evidence';
import type { OptOut } from './consent';
import type { Flag, FlagName } from './flag';
import type { Purpose } from './purpose';
import type { RuleOf } from './rule';
import type { Situation } from './situation';

/** Flags of these names that are about this person and one of these loans. */
export function flagsOf({ situation }: Pick<Evidence, 'situation'>, names: readonly FlagName[]): readonly Flag[] {
  const { flags, party, loanIds } = situation;
  return flags.filter(
    ({ flag, partyId, loanId }) =>
      names.includes(flag) &&
      (partyId === null || partyId === party.partyId) &&
      (loanId === null || loanIds.includes(loanId)),
  );
}

export function covers({ fromMs, untilMs }: Flag, atMs: number): boolean {
  return fromMs <= atMs && (untilMs === null || atMs < untilMs);
}

export function judgeBlock(rule: RuleOf<'block'>, evidence: Evidence, atMs: number): Answer {
  const { situation } = evidence;
  if (rule.exceptRoles?.includes(situation.party.role) === true) return atMs;
  const mayPass = rule.allowedPurposes?.includes(situation.purpose) === true;
  if (rule.flags.includes('opt-out') && !mayPass && isOptedOut(evidence, atMs)) {
    return { never: 'the person asked not to be contacted in this way' };
  }
  const answers = flagsOf(evidence, rule.flags).map((flag): Answer => {
    const untilMs = endOfBlock(rule, flag, evidence);
    if (flag.fromMs > atMs || (untilMs !== null && atMs >= untilMs)) return atMs;
    if (mayPass && !(isOnce(rule, situation.purpose) && wasUsed(flag, evidence, atMs))) return atMs;
    return untilMs ?? { never: `is on record: ${flag.flag}` };
  });
  return strictest(answers, atMs);
}

function isOnce({ once = false }: RuleOf<'block'>, purpose: Purpose): boolean {
  return typeof once === 'boolean' ? once : once.includes(purpose);
}

/** The borrower's word closes the way for this debt; somebody else's closes it to themselves. */
function isOf({ partyId = null }: OptOut, { party }: Situation): boolean {
  return partyId === null || partyId === party.partyId;
}

function isOptedOut({ situation }: Evidence, atMs: number): boolean {
  const { optOuts, channel, contactPoint } = situation;
  return optOuts.some(
    (one) =>
      one.channel === channel &&
      one.atMs <= atMs &&
      isOf(one, situation) &&
      (one.contactPoint === null || contactPoint === null || one.contactPoint === contactPoint.value),
  );
}

/** Exclusive; null while nobody knows. */
function endOfBlock(
  { lastsDays, unlessConfirmed, afterEndDays = 0 }: RuleOf<'block'>,
  { fromMs, untilMs, confirmed }: Flag,
  { clocks }: Evidence,
): number | null {
  const lapses = lastsDays !== undefined && !(unlessConfirmed === true && confirmed);
  const endMs = untilMs ?? (lapses ? startOfDayAfter(fromMs, lastsDays, clocks) : null);
  return endMs === null || afterEndDays === 0 ? endMs : startOfDayAfter(endMs, afterEndDays, clocks);
}

/** Whether a contact of the purpose was already made since the flag was set. */
function wasUsed(flag: Flag, { situation, ledger }: Evidence, atMs: number): boolean {
  return ledger.some(
    (row) =>
      row.direction === 'outbound' &&
      row.purpose === situation.purpose &&
      row.partyId === situation.party.partyId &&
      row.atMs >= flag.fromMs &&
      row.atMs <= atMs &&
      row.loanIds.some((loan) => situation.loanIds.includes(loan)),
  );
}

export function judgeConfirmation(rule: RuleOf<'confirmation'>, evidence: Evidence, atMs: number): Answer {
  const { optOuts, channel, contactPoint } = evidence.situation;
  const given = optOuts.filter(
    (one) =>
      one.channel === channel &&
      one.atMs <= atMs &&
      isOf(one, evidence.situation) &&
      (one.contactPoint === null || one.contactPoint === contactPoint?.value),
  );
  const isOpen = given.some(({ atMs: givenMs }) => {
    const confirmed = evidence.ledger.filter(
      (row) =>
        row.direction === 'outbound' &&
        row.channel === channel &&
        row.purpose === evidence.situation.purpose &&
        row.atMs >= givenMs,
    );
    return atMs <= givenMs + rule.withinMinutes * 60_000 && confirmed.length < rule.max;
  });
  return isOpen ? atMs : { never: 'there is no opt-out that is still to be confirmed' };
}

export function judgePartyAllowList(rule: RuleOf<'partyAllowList'>, evidence: Evidence, atMs: number): Answer {
  const { party, purpose, disclosesDebt } = evidence.situation;
  const terms = rule.parties[party.role];
  if (terms === undefined) return { never: `a ${party.role} is not contacted` };
  if (terms.purposes !== 'any' && !terms.purposes.includes(purpose)) {
    return { never: `a ${party.role} is not contacted for ${purpose}` };
  }
  if (!terms.mayDiscloseDebt && disclosesDebt) return { never: `a ${party.role} is not told of the debt` };
  const { needs, maxContacts = Infinity } = terms;
  if (needs !== undefined && !flagsOf(evidence, needs).some((flag) => covers(flag, atMs))) {
    return { never: `a ${party.role} is contacted only when on record: ${needs.join(' or ')}` };
  }
  const made = evidence.ledger.filter(
    (row) => row.direction === 'outbound' && row.partyId === party.partyId && row.atMs <= atMs,
  );
  return made.length < maxContacts ? atMs : { never: `a ${party.role} is contacted no more than ${maxContacts} times` };
}

export function judgeLimitation(rule: RuleOf<'limitation'>, evidence: Evidence, atMs: number): Answer {
  if (!rule.deniedPurposes.includes(evidence.situation.purpose)) return atMs;
  const barred = flagsOf(evidence, ['time-barred']).filter((flag) => covers(flag, atMs));
  return strictest(
    barred.map(({ untilMs }): Answer => untilMs ?? { never: 'the claim is time-barred' }),
    atMs,
  );
}
