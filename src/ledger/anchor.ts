import type { Pool } from 'pg';
import type { Day } from '../domain/day';
import { inTransaction, type Queryable } from '../store/database';
import { type Anchor, anchorOf, lastAnchor, leavesOfDay } from '../store/ledger';
import { addAnchor, addLeaves, databaseNow, lockAnchors } from '../store/ledger-anchors';
import { anchorHash, genesis, leafHash } from './hashes';
import { createMerkleTree } from './merkle';

/**
 * The anchor of a bank day over all chains: those that grew since the anchor before are its leaves, the others are covered
 * by that one, whose hash it holds. Made once per day; asked for again it is the same. Days on which none was made are made
 * good by the next. A day before the last anchor's is answered with the last.
 */
export async function anchorDay(pool: Pool, day: Day): Promise<Anchor> {
  return inTransaction(pool, async (db) => {
    await db.query('set local statement_timeout = 0');
    await lockAnchors(db);
    const previous = await lastAnchor(db);
    if (previous !== null && previous.day >= day) return (await anchorOf(db, day)) ?? previous;
    await addLeaves(db, day, previous);
    const { chains, entries, root } = await rootOf(db, day);
    const unsigned = { day, madeAt: await databaseNow(db), chains, entries, root, prevHash: previous?.hash ?? genesis };
    const anchor = { ...unsigned, hash: anchorHash(unsigned) };
    await addAnchor(db, anchor);
    return anchor;
  });
}

/** What the leaves of a day add up to. Keeps one node per level of the tree. */
export async function rootOf(db: Queryable, day: Day): Promise<Pick<Anchor, 'chains' | 'entries' | 'root'>> {
  const tree = createMerkleTree();
  let chains = 0;
  let entries = 0;
  for await (const leaf of leavesOfDay(db, day)) {
    tree.add(leafHash(leaf));
    chains += 1;
    entries += leaf.seq - leaf.sinceSeq;
  }
  return { chains, entries, root: tree.root() };
}
