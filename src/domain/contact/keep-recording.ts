import type { ContactPack } from './rule';

const dayMs = 86_400_000;

/** Whether a rule keeps the recordings of a loan with a plan until the loan is settled: the plan may be agreed in any of them. */
export function keepsRecordingsOfPlans(packs: readonly Pick<ContactPack, 'rules'>[]): boolean {
  return packs.some(({ rules }) => rules.some((rule) => rule.kind === 'retention' && rule.class === 'plan-recording'));
}

/**
 * Until when a recording made at this instant is kept: the longest that the packs ask for, of rules whose clock starts when it
 * was made, and no longer than any of them allows. Null where a rule's clock starts later (settlement): nobody knows the end yet, so it is kept. A year counts 366
 * days, so that it is never too short.
 */
export function recordingKeptUntilMs(packs: readonly Pick<ContactPack, 'rules'>[], madeAtMs: number): number | null {
  const rules = packs.flatMap((pack) =>
    pack.rules.filter((rule) => rule.kind === 'retention' && rule.class === 'recording'),
  );
  const years = rules.map((rule) => {
    if (rule.kind !== 'retention') return 0;
    return rule.clockStart === 'made' ? rule.keepYears : Infinity;
  });
  const most = rules.map((rule) =>
    rule.kind === 'retention' && rule.clockStart === 'made' ? (rule.keepYearsMax ?? Infinity) : Infinity,
  );
  const longest = years.length === 0 ? Infinity : Math.min(Math.max(...years), ...most);
  return longest === Infinity ? null : madeAtMs + longest * 366 * dayMs;
}
