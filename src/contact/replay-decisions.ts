import type { Calendars } from '../domain/contact/evidence';
import { packFromWords } from '../policy/contact-pack';
import { packsByHash } from '../store/contact-packs';
import type { Page } from '../store/cursor';
import type { Queryable } from '../store/database';
import { type KeptDecision, keptDecisions } from '../store/kept-judgements';
import { packHashesOf, replay, type ReplayedLook } from './replay';

export interface ReplayedDecision {
  readonly kept: KeptDecision;
  readonly looks: readonly ReplayedLook[];
}

/** Takes every decision about contacts with the customer again, from what is on record, a page at a time. */
export async function replayDecisions(
  db: Queryable,
  calendars: Calendars,
  customerId: string,
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<ReplayedDecision>> {
  const { items, nextCursor } = await keptDecisions(db, customerId, page.cursor, page.limit);
  const words = await packsByHash(db, [...new Set(items.flatMap(packHashesOf))]);
  const packs = new Map(
    words.map(({ contentHash, written }) => [contentHash, packFromWords(written, contentHash)] as const),
  );
  return { items: items.map((kept) => ({ kept, looks: replay(kept, packs, calendars) })), nextCursor };
}
