import { aheadMs } from '../store/clock';
import type { Queryable } from '../store/database';
import { type Anchor, hasEntriesBetween, leavesWithoutAnchor, listAnchors } from '../store/ledger';
import { databaseNow } from '../store/ledger-anchors';
import { rootOf } from './anchor';
import type { Finding } from './finding';
import { anchorHash, genesis } from './hashes';

const dayMs = 86_400_000;
// An anchor is made every bank day.
const anchoredWithinMs = 2 * dayMs;
// Nowhere does a day begin earlier; so the bank's zone, which a policy may change, does not matter.
const earliestZoneMs = 14 * 3_600_000;

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
  findings.push(...(await checkDays(db, anchors)));
  for (const kept of outside) {
    const here = anchors.find(({ day }) => day === kept.day);
    if (anchorHash(kept) !== kept.hash) findings.push(ofAnchor(kept.day, 'the file was changed: its hash is another'));
    else if (here === undefined) findings.push(ofAnchor(kept.day, 'was kept outside, and is not here any more'));
    else if (here.hash !== kept.hash) findings.push(ofAnchor(kept.day, 'is not the one that was kept outside'));
  }
  return findings;
}

/** Whether each anchor's day had come when it was made, and none that should be there is missing at the end. */
async function checkDays(db: Queryable, anchors: readonly Anchor[]): Promise<Finding[]> {
  const now = await databaseNow(db);
  const ahead = await aheadMs(db);
  const findings = anchors.flatMap(({ day, madeAt }) => [
    ...(madeAt > now ? [ofAnchor(day, `says that it was made at ${madeAt}, which is still to come`)] : []),
    ...(day > latestDay(madeAt < now ? madeAt : now, ahead) ? [ofAnchor(day, 'its day had not come')] : []),
  ]);
  const newest = anchors.at(-1);
  const longAgo = isoBefore(now, anchoredWithinMs);
  if (await hasEntriesBetween(db, newest?.madeAt ?? '-infinity', longAgo)) {
    findings.push(ofAnchor(newest?.day ?? 'none', `is the last, and entries after it are older than ${longAgo}`));
  }
  return findings;
}

/** The latest day that it can be anywhere for a bank whose clock is ahead of the machine's. */
function latestDay(at: string, aheadOfMachineMs: number): string {
  return new Date(Date.parse(at) + aheadOfMachineMs + earliestZoneMs).toISOString().slice(0, 10);
}

/** Of two instants written alike the earlier sorts first. */
export function isoBefore(at: string, byMs: number): string {
  return new Date(Date.parse(at) - byMs).toISOString().replace('Z', '000Z');
}

function ofAnchor(day: string, problem: string): Finding {
  return { table: 'ledger_anchor', key: day, chain: null, seq: null, problem };
}
