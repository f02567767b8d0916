import { nodeHash, sha256 } from './hashes';

/** On the way from a leaf to the root: the other half, and on which side it stands. */
export interface ProofStep {
  readonly side: 'left' | 'right';
  readonly hash: string;
}

export interface MerkleTree {
  add(leaf: string, wanted?: boolean): void;
  root(): string;
  /** From the wanted leaf up; null where none was wanted. Known once `root` was asked for. */
  proof(): readonly ProofStep[] | null;
}

interface Node {
  readonly hash: string;
  readonly leaves: number;
  readonly holdsWanted: boolean;
}

/** A Merkle tree over leaves in their order (the shape of RFC 6962) that keeps one node per level, however many leaves. */
export function createMerkleTree(): MerkleTree {
  const stack: Node[] = [];
  const steps: ProofStep[] = [];

  function joinLastTwo(): void {
    const [left, right] = stack.splice(-2);
    if (left === undefined || right === undefined) throw new Error('there are no two nodes to join');
    if (left.holdsWanted) steps.push({ side: 'right', hash: right.hash });
    if (right.holdsWanted) steps.push({ side: 'left', hash: left.hash });
    stack.push({
      hash: nodeHash(left.hash, right.hash),
      leaves: left.leaves + right.leaves,
      holdsWanted: left.holdsWanted || right.holdsWanted,
    });
  }
  return {
    add(leaf, wanted = false) {
      stack.push({ hash: leaf, leaves: 1, holdsWanted: wanted });
      while (stack.at(-1)?.leaves === stack.at(-2)?.leaves) joinLastTwo();
    },
    root() {
      while (stack.length > 1) joinLastTwo();
      return stack[0]?.hash ?? sha256('');
    },
    proof: () => (stack[0]?.holdsWanted === true ? steps : null),
  };
}
