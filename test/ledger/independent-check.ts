import { createHash } from 'node:crypto';

// Written from the file's own "howToCheck" alone: nothing of the product is used here, only SHA-256.
const sha = (...lines: (string | number)[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');

interface Entry {
  seq: number;
  recordedAt: string;
  what: string;
  payload: string;
  prevHash: string;
  hash: string;
}

export interface File {
  rows: { table: string; key: string; seal: string | null; columns: Record<string, string> }[];
  contacts: { contactId: string; text: string | null }[];
  chains: {
    customerId: string;
    loanId: string;
    caseNo: number;
    entries: Entry[];
    covered: null | {
      leaf: { sinceSeq: number; seq: number; hash: string };
      proof: { side: 'left' | 'right'; hash: string }[];
      anchor: Record<'day' | 'madeAt' | 'root' | 'prevHash' | 'hash', string> & { chains: number; entries: number };
    };
  }[];
}

/** What is wrong with a court file; nothing where it proves what it says. */
export function problemsOfFile(json: string): string[] {
  const file = JSON.parse(json) as File;
  const problems = file.chains.flatMap((chain) => [...chainProblems(chain), ...anchorProblems(chain)]);
  return [...problems, ...rowProblems(file), ...textProblems(file)];
}

function chainProblems({ entries }: File['chains'][number]): string[] {
  return entries.flatMap(({ seq, recordedAt, what, payload, prevHash, hash }, index) => [
    ...(seq === index + 1 ? [] : [`entry ${seq} stands at ${index + 1}`]),
    ...(prevHash === (entries[index - 1]?.hash ?? '0'.repeat(64)) ? [] : [`entry ${seq} does not follow`]),
    ...(sha(prevHash, seq, recordedAt, what, payload) === hash ? [] : [`entry ${seq} was changed`]),
  ]);
}

function anchorProblems({ customerId, loanId, caseNo, entries, covered }: File['chains'][number]): string[] {
  if (covered === null) return [];
  const { leaf, proof, anchor } = covered;
  if (entries[leaf.seq - 1]?.hash !== leaf.hash) return ['the anchor covers another entry'];
  let hash = sha('leaf', customerId, loanId, caseNo, leaf.sinceSeq, leaf.seq, leaf.hash);
  for (const step of proof) hash = step.side === 'left' ? sha('node', step.hash, hash) : sha('node', hash, step.hash);
  const { day, madeAt, chains, entries: count, root, prevHash } = anchor;
  const own = sha('anchor', day, madeAt, chains, count, root, prevHash);
  return [
    ...(hash === root ? [] : ['the leaf is not under the root']),
    ...(own === anchor.hash ? [] : ['the anchor was changed']),
  ];
}

function rowProblems({ rows, chains }: File): string[] {
  const said = new Map<string, Record<string, unknown>>();
  for (const { entries } of chains) {
    for (const { payload } of entries) {
      const { table, key, columns } = JSON.parse(payload) as { table: string; key: unknown; columns: object };
      said.set(`${table} ${String(key)}`, { ...said.get(`${table} ${String(key)}`), ...columns });
    }
  }
  const missing = [...said.keys()].filter((name) => !rows.some(({ table, key }) => `${table} ${key}` === name));
  const wrong = rows.flatMap(({ table, key, seal, columns }) =>
    Object.entries(said.get(`${table} ${key}`) ?? { nothing: 'said' }).flatMap(([column, value]) => {
      const now = columns[column] ?? 'missing';
      const sealed = (value as { sealed?: string } | null)?.sealed;
      const agrees = sealed === undefined ? same(now, value) : sealed === sha(seal ?? '', column, now);
      return agrees ? [] : [`${column} of ${table} ${key} is not as attested`];
    }),
  );
  return [...missing.map((name) => `${name} is not in the file`), ...wrong];
}

function same(json: string, value: unknown): boolean {
  return json !== 'missing' && JSON.stringify(JSON.parse(json)) === JSON.stringify(value);
}

/** The words that a judge reads are the words that were attested. */
function textProblems({ contacts, rows }: File): string[] {
  return contacts.flatMap(({ contactId, text }) => {
    const row = rows.find(({ table, key }) => table === 'contact' && key === contactId);
    return row?.columns['body'] !== undefined && same(row.columns['body'], text) ? [] : [`the text of ${contactId}`];
  });
}
