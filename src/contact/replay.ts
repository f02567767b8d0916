import { z } from 'zod';
import type { Calendars } from '../domain/contact/evidence';
import { contentTagCodes } from '../domain/contact/content-tag';
import type { Situation } from '../domain/contact/situation';
import type { HashedPack } from '../policy/contact-pack';
import { type KeptDecision, keptText } from '../store/kept-judgements';
import { judgeWithText } from './fit-text';

const decisions = ['allow', 'deny', 'defer'] as const;

/** A decision as an outsider can compare it. */
export interface Decided {
  readonly decided: (typeof decisions)[number];
  readonly untilMs: number | null;
  readonly rules: readonly string[];
}

export type Replay =
  | { readonly result: 'same' }
  /** The same packs say something else of what is on record. */
  | { readonly result: 'differs'; readonly now: Decided }
  | { readonly result: 'pack-not-kept'; readonly packs: readonly string[] }
  /** What was looked at was removed with the borrower's data, or is older than the keeping of it. */
  | { readonly result: 'evidence-not-kept' };

export interface ReplayedLook extends Decided {
  readonly packs: readonly { readonly id: string; readonly version: string; readonly contentHash: string }[];
  readonly atMs: number;
  readonly replay: Replay;
}

const named = z.object({ id: z.string(), version: z.string(), contentHash: z.string() });
const look = z.object({
  decided: z.enum(decisions).optional(),
  untilMs: z.int().optional(),
  rules: z.array(z.string()).default([]),
  packs: z.array(named).default([]),
  situation: z.looseObject({ atMs: z.int() }).optional(),
  manner: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('in-time') }),
      z.object({ kind: z.literal('at-instant'), aheadMs: z.int() }),
    ])
    .optional(),
  wording: z.object({ tags: z.array(z.enum(contentTagCodes)).nullable(), sender: z.string().nullable() }).optional(),
  text: keptText.optional(),
});
const evidence = look.extend({ again: z.array(look).default([]) });
type Look = z.infer<typeof look>;

/** Of every look of a kept decision, which packs it was taken by. */
export function packHashesOf(kept: KeptDecision): readonly string[] {
  const { again, ...first } = evidence.parse(kept.evidence);
  return [first, ...again].flatMap(({ packs }) => packs.map(({ contentHash }) => contentHash));
}

/**
 * Takes a decision again, and each later look at the same contact, from what was kept alone: the packs of that day by their
 * hashes, the situation as it was seen, and the text.
 */
export function replay(
  kept: KeptDecision,
  packs: ReadonlyMap<string, HashedPack>,
  calendars: Calendars,
): readonly ReplayedLook[] {
  const { again, ...first } = evidence.parse(kept.evidence);
  const decided = kept.decided ?? first.decided ?? 'allow';
  const untilMs = kept.untilMs ?? first.untilMs ?? null;
  const was = { decided, untilMs, rules: kept.rules ?? first.rules };
  return [
    replayLook(kept, first, was, packs, calendars),
    ...again.map((later) => {
      const allowed = { decided: 'allow', untilMs: null, rules: later.rules } as const;
      return replayLook(kept, later, allowed, packs, calendars);
    }),
  ];
}

function replayLook(
  kept: KeptDecision,
  { packs: names, situation: seen, manner, wording, text }: Look,
  was: Decided,
  packs: ReadonlyMap<string, HashedPack>,
  calendars: Calendars,
): ReplayedLook {
  const shown = { ...was, packs: names, atMs: seen?.atMs ?? kept.atMs };
  if (seen === undefined || manner === undefined) return { ...shown, replay: { result: 'evidence-not-kept' } };
  const missing = names.filter(({ contentHash }) => !packs.has(contentHash));
  if (missing.length > 0) {
    return { ...shown, replay: { result: 'pack-not-kept', packs: missing.map(({ contentHash }) => contentHash) } };
  }
  const inForce = names.flatMap(({ contentHash }) => packs.get(contentHash) ?? []);
  // The gate wrote it, in the form in which it had read it.
  const situation = seen as unknown as Situation;
  const body = text ?? kept.text;
  if (wording !== undefined && body === null) return { ...shown, replay: { result: 'evidence-not-kept' } };
  const written = wording === undefined || body === null ? null : { ...wording, text: body };
  const { verdict } = judgeWithText({ packs: inForce, calendars }, situation, manner, written);
  const now = {
    decided: verdict.kind,
    untilMs: verdict.kind === 'defer' ? verdict.untilMs : null,
    rules: verdict.rules,
  };
  return { ...shown, replay: isSame(was, now) ? { result: 'same' } : { result: 'differs', now } };
}

function isSame(was: Decided, now: Decided): boolean {
  return (
    was.decided === now.decided &&
    was.untilMs === now.untilMs &&
    JSON.stringify(was.rules) === JSON.stringify(now.rules)
  );
}
