import type { Calendars } from './evidence';
import { judgeContact, type Verdict } from './judge';
import type { ContactPack } from './rule';
import type { Situation } from './situation';

/**
 * Of the loans of a situation those that a contact about one of them may name too. Each other is judged alone: a rule about one
 * debt, such as a notice that is due or a cap of its own, does not stop or put off what may be said of the rest. Where the
 * contact's own loan is denied, or all may be named, nothing is left out.
 */
export function loansBeside(
  situation: Situation,
  ownLoanId: string,
  packs: readonly ContactPack[],
  calendars: Calendars,
): readonly string[] {
  const { atMs, loanIds } = situation;
  const judge = (about: readonly string[]): Verdict => judgeContact({ ...situation, loanIds: about }, packs, calendars);
  if (loanIds.length < 2 || judge(loanIds).kind === 'allow') return loanIds;
  const own = judge([ownLoanId]);
  if (own.kind === 'deny') return loanIds;
  const untilMs = own.kind === 'defer' ? own.untilMs : atMs;
  return loanIds.filter((loanId) => loanId === ownLoanId || isAllowedBy(judge([loanId]), untilMs));
}

function isAllowedBy(verdict: Verdict, atMs: number): boolean {
  return verdict.kind === 'allow' || (verdict.kind === 'defer' && verdict.untilMs <= atMs);
}
