import type { Written } from '../contact/fit-text';
import type { Gate } from '../contact/gate';
import { type JudgedMade, judgeMade } from '../contact/judge-made';
import { openConditions } from '../domain/contact/judge';
import type { Queryable } from '../store/database';
import type { ContactReport } from './contact-report';
import { unaskedRules } from './reported-words';

/** What was unlawful about a contact. */
export interface Breach {
  readonly rules: readonly string[];
  readonly reason: string;
}

interface Judged {
  readonly loanIds: readonly string[];
  readonly customerId: string;
  readonly report: ContactReport;
  /** Null where nobody tells what was written. */
  readonly written: Written | null;
}

/** By the rules as the gate applies them; what the borrower began breaks none. */
export async function judgeReport(tx: Queryable, gate: Gate, { loanIds, customerId, report, written }: Judged) {
  const { channel, purpose, contactPoint, atMs, visit, direction } = report;
  const asked = { contactKey: null, customerId, loanIds, channel, purpose, contactPoint };
  const judged = await judgeMade(tx, gate, asked, { atMs, visit, written });
  const { verdict, faults, situation } = judged;
  const unsaid = openConditions(situation, gate.inForce.packs, gate.calendars);
  const breach = direction === 'inbound' ? null : breachOf(judged, unsaid);
  const unproven = unaskedRules(gate, report, situation);
  const decided = {
    decided: verdict.kind,
    rules: verdict.rules,
    ...(verdict.kind === 'defer' && { untilMs: verdict.untilMs }),
    ...(written !== null && { wording: { tags: written.tags, sender: written.sender } }),
    ...(faults.length > 0 && { faults }),
    ...(unproven.length > 0 && { unproven }),
  };
  return { breach, unproven, party: situation.party, evidence: { ...decided, ...judged.evidence } };
}

/**
 * The gate names what is wrong with a text and looks no further; of what was made all that was wrong is told. A visit of which
 * nobody says how it was made cannot be shown to have been lawful; `unsaid` are the rules that ask it.
 */
function breachOf({ verdict, faults, circumstances }: JudgedMade, unsaid: readonly string[]): Breach | null {
  const wrong = [verdict, ...(faults.length > 0 ? [circumstances] : [])].flatMap((one) =>
    one.kind === 'allow' ? [] : [one],
  );
  const rules = [...wrong.flatMap((one) => one.rules), ...unsaid];
  const reasons = wrong.map(({ reason }) => reason);
  if (unsaid.length > 0) reasons.push('nobody says how the visit was made');
  return reasons.length === 0 ? null : { rules: [...new Set(rules)], reason: reasons.join('; ') };
}
