/** ` (did you mean "first-reminder"?)` for a name that is nearly one of the known, else nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editsBetween(name, candidate);
    if (edits >= least) continue;
    least = edits;
    nearest = candidate;
  }
  return nearest === null ? '' : ` (did you mean "${nearest}"?)`;
}

/** Levenshtein distance: insertions, deletions and replacements that make one text the other. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
