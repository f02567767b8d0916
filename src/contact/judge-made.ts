import type { Verdict } from '../domain/contact/judge';
import { atInstant, judgeAs } from '../domain/contact/manner';
import type { Situation, VisitPlan } from '../domain/contact/situation';
import type { Queryable } from '../store/database';
import { evidenceOf, type Gate } from './gate';
import { type Asked, situationOf } from './read-situation';

/** When a contact was made, and how where it was a visit. */
export interface Made {
  readonly atMs: number;
  readonly visit: VisitPlan | null;
}

export interface JudgedMade {
  readonly verdict: Verdict;
  readonly situation: Situation;
  /** Enough to take the judgement again. */
  readonly evidence: ReturnType<typeof evidenceOf>;
}

/** What the gate would have said at that instant, knowing what had happened until then. Run it with the customer locked. */
export async function judgeMade(tx: Queryable, gate: Gate, asked: Asked, made: Made): Promise<JudgedMade> {
  const { atMs, visit } = made;
  const { situation: known } = await situationOf(tx, gate, asked, atMs, 0);
  const before = <Fact extends { readonly atMs: number }>(facts: readonly Fact[]): readonly Fact[] =>
    facts.filter((fact) => fact.atMs <= atMs);
  const situation: Situation = {
    ...known,
    ...{ ledger: before(known.ledger), optOuts: before(known.optOuts), events: before(known.events), visit },
    grants: before(known.grants),
    flags: known.flags.filter(({ fromMs }) => fromMs <= atMs),
  };
  const { verdict } = judgeAs(atInstant, situation, gate.inForce.packs, gate.calendars);
  return { verdict, situation, evidence: evidenceOf(gate, situation, atInstant) };
}
