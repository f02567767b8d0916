import { renameSync, writeFileSync } from 'node:fs';

/** Writes a small file so that a kill at any moment leaves the old content or the new one, never half of it. */
export function writeAtomically(path: string, content: string, mode = 0o644): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}
