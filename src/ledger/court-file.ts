import type { Pool } from 'pg';
import type { ContactPack, ContactRule } from '../domain/contact/rule';
import { Refusal } from '../domain/refusal';
import type { Queryable } from '../store/database';
import { listContacts } from '../store/contact-ledger';
import type { Contact } from '../store/contact-row';
import { chainsAbout, listDecisions } from '../store/court-rows';
import { listCauses } from '../store/causes';
import { getCustomer } from '../store/customers';
import { anchorOf, type Chain, type Entry, entriesOfChains, lastLeafOf, leavesOfDay } from '../store/ledger';
import { type AttestedRow, attestedRowsByKey, attestedTables } from '../store/ledger-rows';
import { getLoan } from '../store/loans';
import { listPromises } from '../store/promises';
import { listEvents, type StoredEvent } from '../store/timeline';
import { payloadSchema } from './check-rows';
import { leafHash } from './hashes';
import { howToCheck } from './how-to-check';
import { createMerkleTree } from './merkle';
import { inSnapshot } from './verify';

export type CourtFile = Awaited<ReturnType<typeof collect>>;
type Pack = ContactPack & { readonly contentHash: string };

/**
 * Everything about a loan's cases that a court needs: what was sent, the decisions with their rules, and the chains with the
 * anchors that cover them, so that the file can be checked with nothing but SHA-256.
 * @throws Refusal NotFound.
 */
export function readCourtFile(pool: Pool, loanId: string, packs: readonly Pack[], madeAtMs: number) {
  return inSnapshot(pool, (db) => collect(db, loanId, packs, madeAtMs));
}

async function collect(db: Queryable, loanId: string, packs: readonly Pack[], madeAtMs: number) {
  const loan = await getLoan(db, loanId);
  if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const customer = await getCustomer(db, loan.customerId);
  const contacts = await allOf((cursor) => listContacts(db, loanId, cursor, pageSize));
  const decisions = await listDecisions(db, loanId);
  const chains = await chainsAbout(db, loanId);
  const entries = await entriesOfChains(db, chains);
  const shown: Awaited<ReturnType<typeof showChain>>[] = [];
  for (const chain of chains) shown.push(await showChain(db, chain, entries));
  const language = customer?.language ?? 'en';
  return {
    format: 'arrears-court-file/1' as const,
    madeAt: iso(madeAtMs),
    language,
    howToCheck: howToCheck[language],
    loan: { loanId, product: loan.product, currency: loan.currency, disbursedDay: loan.disbursedDay },
    borrower: { customerId: loan.customerId, name: customer?.name ?? '' },
    contacts: contacts.map(showContact),
    decisions: decisions.map(({ atMs, untilMs, ...rest }) => ({
      ...rest,
      at: iso(atMs),
      until: untilMs === null ? null : iso(untilMs),
    })),
    causes: (await listCauses(db, loanId)).map(({ heardAtMs, ...rest }) => ({ ...rest, heardAt: iso(heardAtMs) })),
    promises: (await listPromises(db, loanId)).map(({ givenAtMs, ...rest }) => ({ ...rest, givenAt: iso(givenAtMs) })),
    events: (await allOf((cursor) => listEvents(db, loanId, cursor, pageSize))).map(showEvent),
    rules: rulesNamed(
      [...contacts.flatMap(({ verdict }) => rulesOf(verdict)), ...decisions.flatMap((one) => one.rules)],
      packs,
    ),
    rows: (await rowsOf(db, entries)).map(({ table, key, seal, columns }) => ({ table, key, seal, columns })),
    chains: shown,
  };
}

function showContact({ atMs, verdict, recordedAtMs, contactPoint, body, ...rest }: Contact) {
  const packs: unknown = verdict['packs'] ?? [];
  return {
    ...rest,
    at: iso(atMs),
    recordedAt: iso(recordedAtMs),
    to: contactPoint,
    text: body,
    rules: rulesOf(verdict),
    packs,
  };
}

function showEvent({ atMs, recordedAtMs, ...rest }: StoredEvent) {
  return { ...rest, at: iso(atMs), recordedAt: iso(recordedAtMs) };
}

function rulesOf(verdict: Readonly<Record<string, unknown>>): string[] {
  const rules = verdict['rules'];
  return Array.isArray(rules) ? rules.map(String) : [];
}

/** What the rules say today that were applied then; the pack's version and hash stand with each decision. */
function rulesNamed(ids: readonly string[], packs: readonly Pack[]) {
  const named = new Set(ids);
  return packs.flatMap(({ id: pack, version, contentHash, rules }) =>
    rules
      .filter(({ id }: ContactRule) => named.has(id))
      .map(({ id, why, source, confidence }) => ({
        ...{ id, pack, version, contentHash, why },
        ...{ source: source ?? null, confidence: confidence ?? null },
      })),
  );
}

async function rowsOf(db: Queryable, entries: readonly Entry[]): Promise<AttestedRow[]> {
  const keys = new Map<string, Set<string>>();
  for (const { payload } of entries) {
    const { data } = payloadSchema.safeParse(JSON.parse(payload));
    if (data === undefined) continue;
    keys.set(data.table, (keys.get(data.table) ?? new Set()).add(String(data.key)));
  }
  const rows: AttestedRow[] = [];
  for (const table of attestedTables)
    rows.push(...(await attestedRowsByKey(db, table, [...(keys.get(table.table) ?? [])])));
  return rows;
}

/** A chain with its anchor, and the way from its leaf to the anchor's root. */
async function showChain(db: Queryable, chain: Chain, all: readonly Entry[]) {
  const { customerId, loanId, caseNo } = chain;
  const entries = all
    .filter((one) => one.customerId === customerId && one.loanId === loanId && one.caseNo === caseNo)
    .map(({ seq, recordedAt, what, payload, prevHash, hash }) => ({ seq, recordedAt, what, payload, prevHash, hash }));
  const leaf = await lastLeafOf(db, chain);
  const anchor = leaf === null ? null : await anchorOf(db, leaf.day);
  if (leaf === null || anchor === null) return { ...chain, entries, covered: null };
  const tree = createMerkleTree();
  const wanted = leafHash(leaf);
  for await (const one of leavesOfDay(db, leaf.day)) tree.add(leafHash(one), leafHash(one) === wanted);
  tree.root();
  const { sinceSeq, seq, hash } = leaf;
  return { ...chain, entries, covered: { leaf: { sinceSeq, seq, hash }, proof: [...(tree.proof() ?? [])], anchor } };
}

const pageSize = 500;

async function allOf<T>(
  read: (cursor: string | null) => Promise<{ readonly items: T[]; readonly nextCursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: T[]; readonly nextCursor: string | null } = await read(cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
