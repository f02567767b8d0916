import { judgeInTime, type TimelyVerdict } from './closing';
import type { Calendars } from './evidence';
import { judgeContact } from './judge';
import type { ContactPack } from './rule';
import type { Situation } from './situation';

/**
 * How a contact was judged. `in-time`: as a message that takes time to arrive. `at-instant`: as it is made; where `aheadMs` is
 * more than nothing, it must be allowed then too, because it lasts.
 */
export type Manner = { readonly kind: 'in-time' } | { readonly kind: 'at-instant'; readonly aheadMs: number };

export const inTime: Manner = { kind: 'in-time' };
export const atInstant: Manner = { kind: 'at-instant', aheadMs: 0 };

/** The judgement in the manner that is kept with it, so that it can be repeated in no other. */
export function judgeAs(
  manner: Manner,
  situation: Situation,
  packs: readonly ContactPack[],
  calendars: Calendars,
): TimelyVerdict {
  if (manner.kind === 'in-time') return judgeInTime(situation, packs, calendars);
  const now = judgeContact(situation, packs, calendars);
  if (now.kind !== 'allow' || manner.aheadMs === 0) return { verdict: now, closesAtMs: null };
  const ahead = { ...situation, atMs: situation.atMs + manner.aheadMs };
  return { verdict: judgeContact(ahead, packs, calendars), closesAtMs: null };
}
