import type { Verdict } from '../domain/contact/judge';
import { atInstant, judgeAs } from '../domain/contact/manner';
import type { Situation, VisitPlan } from '../domain/contact/situation';
import type { Queryable } from '../store/database';
import { type Fault, judgeWithText, type Written } from './fit-text';
import { evidenceOf, type Gate } from './gate';
import { type Asked, situationOf } from './read-situation';

/** When a contact was made, and how where it was a visit. */
export interface Made {
  readonly atMs: number;
  readonly visit: VisitPlan | null;
  /** What somebody else wrote, where they tell it. */
  readonly written?: Written | null;
}

export interface JudgedMade {
  /** Of the text first, as the gate says it. */
  readonly verdict: Verdict;
  readonly faults: readonly Fault[];
  /** Of all but the text. */
  readonly circumstances: Verdict;
  readonly situation: Situation;
  /** Enough to take the judgement again. */
  readonly evidence: ReturnType<typeof evidenceOf>;
}

/** What the gate would have said at that instant, knowing what had happened until then. Run it with the customer locked. */
export async function judgeMade(tx: Queryable, gate: Gate, asked: Asked, made: Made): Promise<JudgedMade> {
  const { atMs, visit, written = null } = made;
  const { situation: known } = await situationOf(tx, gate, asked, atMs, 0);
  const before = <Fact extends { readonly atMs: number }>(facts: readonly Fact[]): readonly Fact[] =>
    facts.filter((fact) => fact.atMs <= atMs);
  const situation: Situation = {
    ...known,
    ...{ ledger: before(known.ledger), optOuts: before(known.optOuts), events: before(known.events), visit },
    grants: before(known.grants),
    flags: known.flags.filter(({ fromMs }) => fromMs <= atMs),
  };
  const rules = { packs: gate.inForce.packs, calendars: gate.calendars };
  const { verdict, faults } = judgeWithText(rules, situation, atInstant, written);
  const circumstances =
    faults.length === 0 ? verdict : judgeAs(atInstant, situation, rules.packs, rules.calendars).verdict;
  return { verdict, faults, circumstances, situation, evidence: evidenceOf(gate, situation, atInstant) };
}
