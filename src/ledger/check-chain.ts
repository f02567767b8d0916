import type { Entry, Leaf } from '../store/ledger';
import { type Finding, ofEntry } from './finding';
import { entryHash, genesis } from './hashes';

/** Hashes, links and numbers of one chain's entries, in the order of their numbers. */
export function checkChain(entries: readonly Entry[]): Finding[] {
  const findings: Finding[] = [];
  let seq = 0;
  let hash = genesis;
  for (const entry of entries) {
    if (entry.seq !== seq + 1) {
      for (let missing = seq + 1; missing < entry.seq; missing += 1) {
        findings.push(ofEntry(entry, missing, 'the entry is missing'));
      }
    } else if (entry.prevHash !== hash) {
      findings.push(ofEntry(entry, entry.seq, 'does not follow the entry before it'));
    }
    if (entryHash(entry) !== entry.hash) findings.push(ofEntry(entry, entry.seq, 'was changed: its hash is another'));
    ({ seq, hash } = entry);
  }
  return findings;
}

/**
 * Whether the chain still holds what anchors have covered.
 * @param coveredBefore entries recorded before this must be covered; null while there is no anchor.
 */
export function checkLeaves(
  leaves: readonly Leaf[],
  entries: readonly Entry[],
  coveredBefore: string | null,
): Finding[] {
  const findings: Finding[] = [];
  let covered = 0;
  for (const leaf of leaves) {
    const entry = entries.find(({ seq }) => seq === leaf.seq);
    if (leaf.sinceSeq !== covered) findings.push(ofLeaf(leaf, `covers from ${leaf.sinceSeq} on, not from ${covered}`));
    if (entry === undefined) {
      findings.push(ofEntry(leaf, leaf.seq, `is missing, and the anchor of ${leaf.day} covers it`));
    } else if (entry.hash !== leaf.hash) {
      findings.push(ofEntry(leaf, leaf.seq, `is not the entry that the anchor of ${leaf.day} covers`));
    }
    covered = leaf.seq;
  }
  const late = entries.find(
    ({ seq, recordedAt }) => seq > covered && coveredBefore !== null && recordedAt < coveredBefore,
  );
  if (late !== undefined) {
    findings.push(ofEntry(late, late.seq, 'is older than the last anchor, and no anchor covers it'));
  }
  return findings;
}

function ofLeaf({ customerId, loanId, caseNo, day, seq }: Leaf, problem: string): Finding {
  const key = `${day} ${customerId}/${loanId}/${caseNo}`;
  return { table: 'ledger_leaf', key, chain: { customerId, loanId, caseNo }, seq, problem };
}
