import type { Queryable } from '../store/database';
import { type Anchor, leavesWithoutAnchor, listAnchors } from '../store/ledger';
import { rootOf } from './anchor';
import type { Finding } from './finding';
import { anchorHash, genesis } from './hashes';

/**
 * Whether each anchor is what its leaves add up to and follows the one before it.
 * @param outside anchors that were kept elsewhere: they must be among those that are here. Only they show a ledger that was
 * written anew from its beginning.
 */
export async function checkAnchors(db: Queryable, outside: readonly Anchor[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const anchors = await listAnchors(db);
  let prevHash = genesis;
  for (const anchor of anchors) {
    if (anchorHash(anchor) !== anchor.hash) findings.push(ofAnchor(anchor.day, 'was changed: its hash is another'));
    if (anchor.prevHash !== prevHash) findings.push(ofAnchor(anchor.day, 'does not follow the anchor before it'));
    const { chains, entries, root } = await rootOf(db, anchor.day);
    if (root !== anchor.root) findings.push(ofAnchor(anchor.day, 'its leaves add up to another root'));
    if (chains !== anchor.chains || entries !== anchor.entries) {
      findings.push(ofAnchor(anchor.day, `covers ${entries} entries of ${chains} chains, not what it says`));
    }
    prevHash = anchor.hash;
  }
  for (const day of await leavesWithoutAnchor(db)) findings.push(ofAnchor(day, 'is missing, and its leaves are there'));
  for (const kept of outside) {
    const here = anchors.find(({ day }) => day === kept.day);
    if (anchorHash(kept) !== kept.hash) findings.push(ofAnchor(kept.day, 'the file was changed: its hash is another'));
    else if (here === undefined) findings.push(ofAnchor(kept.day, 'was kept outside, and is not here any more'));
    else if (here.hash !== kept.hash) findings.push(ofAnchor(kept.day, 'is not the one that was kept outside'));
  }
  return findings;
}

function ofAnchor(day: string, problem: string): Finding {
  return { table: 'ledger_anchor', key: day, chain: null, seq: null, problem };
}
