import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of package.json, found upward: this code runs from `src` and from `dist/src`. */
export const projectRoot = findRoot(__dirname);

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('no package.json above the running code');
  return findRoot(parent);
}

/** The file that says which packs of contact rules apply; `packs/` lies beside it. */
export const defaultPacksInForce = path.join(projectRoot, 'policies', 'packs-in-force.yaml');

/** What borrowers write back, and what is answered. */
export const defaultReplies = path.join(projectRoot, 'policies', 'replies.yaml');
