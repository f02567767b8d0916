import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { createPublishedPolicies } from '../src/cases/published-policies';
import { type ContactWish, type Gate, passGate } from '../src/contact/gate';
import { openGate } from '../src/service/case-worker-deps';
import { poolMax } from '../src/service/desk';
import type { Contact } from '../src/store/contact-row';
import { claimContact } from '../src/store/contacts';
import { openCase } from '../src/store/cases';
import { createPool, inTransaction } from '../src/store/database';
import { type Figure, median } from './figure';
import type { House } from './house';
import { addLoans, overdueMinor } from './loans';

const atOnce = 50;
const perRound = 1_000;
/** Both sides take short turns within a round, so that what else the machine does hits them alike. */
const perTurn = 250;
const rounds = 9;
/**
 * Not measured: the first fills the record, in the second the connections make their plans for a record that is not empty, and in the
 * others the code becomes as warm as that of a process which has run for a minute.
 */
const roundsBefore = 6;
const dayMs = 86_400_000;
const histories = { few: 10, many: 1_000 } as const;
const borrowersPerHistory = 20;
const askedPerHistory = 1_000;

/** Decisions with reservation, 50 borrowers at once over a process's connections, beside the bare insert of the same row; and what a long record costs. */
export async function measureGate({ engine, zone }: House): Promise<Figure[]> {
  const pool = createPool(engine.databaseUrl, { applicationName: 'arrears-bench', max: poolMax });
  const owner = createPool(engine.databaseUrl, { applicationName: 'arrears-bench', as: 'owner', max: 1 });
  try {
    const place: Place = { pool, owner, gate: await openGate(), zone, ...(await todayAtTen(pool)) };
    await createBareTable(owner);
    return [await measureReservations(place), await measureHistories(place)];
  } finally {
    await pool.end();
    await owner.end();
  }
}

/** What a reservation writes, with its indexes, and nothing that reads, decides, attests or refers to another table. */
async function createBareTable(owner: Pool): Promise<void> {
  await owner.query('create table bench_contact (like contact including all)');
  await owner.query('grant insert, select on bench_contact to public');
}

interface Place {
  readonly pool: Pool;
  /** Who may tell the planner how large the tables have become, which the database else does by itself within a minute. */
  readonly owner: Pool;
  readonly gate: Gate;
  readonly zone: string;
  readonly today: string;
  /** Ten in the morning in the borrowers' zone. */
  readonly atMs: number;
}

async function measureReservations(place: Place): Promise<Figure> {
  const opened: ContactWish[][] = [];
  for (let no = 0; no < roundsBefore + rounds; no += 1) {
    opened.push(await openWishes(place, `gate-${no}`, perRound));
  }
  const measured: { ours: number; raw: number }[] = [];
  for (const [no, wishes] of opened.entries()) {
    if (no < 2) await place.owner.query('analyze');
    const round = await measureRound(place, wishes);
    if (no >= roundsBefore) measured.push(round);
  }
  const [ours, raw] = [median(measured.map((one) => one.ours)), median(measured.map((one) => one.raw))];
  const figure = { name: 'gate with reservation', unit: '/s', ours, raw, ratio: ours / raw };
  return { ...figure, target: { atLeast: 0.25 }, judged: 'ratio', rounds: measured };
}

async function measureRound(place: Place, wishes: readonly ContactWish[]): Promise<{ ours: number; raw: number }> {
  let [oursMs, rawMs] = [0, 0];
  for (let from = 0; from < wishes.length; from += perTurn) {
    const reserved: Contact[] = [];
    oursMs += await timeAll(wishes.slice(from, from + perTurn), async (wish) => {
      const passage = await inTransaction(place.pool, (tx) => passGate(tx, place.gate, wish, place.atMs));
      if (passage.kind !== 'reserved') throw new Error(`the gate said ${passage.kind}`);
      reserved.push(passage.contact);
    });
    rawMs += await timeAll(reserved, (contact) => insertBareRow(place, contact));
  }
  return { ours: (wishes.length / oursMs) * 1000, raw: (wishes.length / rawMs) * 1000 };
}

const bareInsert = {
  name: 'bare-insert',
  text: `insert into bench_contact (contact_id, contact_key, customer_id, loan_id, case_no, loan_ids, channel, purpose, template,
      language, contact_point, state, at, subject, body, content_hash, verdict, offers, made_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
};

function insertBareRow({ pool }: Place, row: Contact): Promise<void> {
  const values = [
    ...[row.contactId, row.contactKey, row.customerId, row.loanId, row.caseNo, row.loanIds, row.channel, row.purpose],
    ...[row.template, row.language, row.contactPoint, row.state, new Date(row.atMs).toISOString(), row.subject],
    ...[row.body, row.contentHash, JSON.stringify(row.verdict), row.offers, row.madeBy],
  ];
  return inTransaction(pool, async (tx) => {
    await tx.query({ ...bareInsert, values });
  });
}

/** Runs all, `atOnce` of them at any time; answers how many milliseconds that took. */
async function timeAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const ahead = [...items];
  const startMs = performance.now();
  const worker = async (): Promise<void> => {
    for (let item = ahead.pop(); item !== undefined; item = ahead.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - startMs;
}

/** The 99th percentile of a decision, with 1,000 past contacts beside 10; by turns, one at a time, nothing kept. */
async function measureHistories(place: Place): Promise<Figure> {
  const few = await withHistory(place, 'few', histories.few);
  const many = await withHistory(place, 'many', histories.many);
  await place.owner.query('analyze');
  const times = { few: [] as number[], many: [] as number[] };
  for (let n = 0; n < askedPerHistory; n += 1) {
    times.few.push(await decideMs(place, few[n % few.length]));
    times.many.push(await decideMs(place, many[n % many.length]));
  }
  const [ours, raw] = [p99(times.many), p99(times.few)];
  const figure = { name: 'p99, 1,000 contacts to 10', unit: 'ms', ours, raw, ratio: ours / raw };
  return { ...figure, target: { atMost: 3 }, judged: 'ratio', rounds: [] };
}

/** Borrowers who were contacted so often over the last three years, lately as the rules allow. */
async function withHistory(place: Place, prefix: string, contacts: number): Promise<ContactWish[]> {
  const wishes = await openWishes(place, prefix, borrowersPerHistory);
  const apartMs = Math.floor((3 * 365 * dayMs) / contacts);
  for (const wish of wishes) {
    await inTransaction(place.pool, async (tx) => {
      for (let n = 1; n <= contacts; n += 1) {
        const past = { contactId: randomUUID(), contactKey: randomUUID(), atMs: place.atMs - dayMs - n * apartMs };
        const kept = { state: 'placed', contentHash: null, verdict: {}, partyId: null, partyRole: 'borrower' } as const;
        await claimContact(tx, { ...wish, ...past, ...kept, loanIds: [...wish.loanIds], offers: [] });
      }
    });
  }
  return wishes;
}

async function decideMs({ pool, gate, atMs }: Place, wish: ContactWish | undefined): Promise<number> {
  if (wish === undefined) throw new Error('nobody to contact');
  const client = await pool.connect();
  try {
    const startMs = performance.now();
    await client.query('begin');
    await passGate(client, gate, wish, atMs);
    await client.query('rollback');
    return performance.now() - startMs;
  } finally {
    client.release();
  }
}

function p99(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

/** Borrowers with one overdue loan and its case each, and the first SMS to them. */
async function openWishes({ pool, zone, today, atMs }: Place, prefix: string, count: number): Promise<ContactWish[]> {
  const loanIds = await addLoans(pool, prefix, count, zone, today);
  await inTransaction(pool, async (tx) => {
    const { policy } = await createPublishedPolicies().latest(tx, 'bench');
    const opened = { policyId: policy.id, policyVersion: policy.version, openedAtMs: atMs, openedDpd: 1 };
    const shown = { stage: 'reminder', effectiveDpd: 1, overdueMinor, assignee: null };
    for (const loanId of loanIds) await openCase(tx, { loanId, ...opened, ...shown });
  });
  return loanIds.map((loanId) => ({
    ...{ contactKey: randomUUID(), customerId: `c-${loanId}`, loanId, caseNo: 1, loanIds: [loanId], channel: 'sms' },
    ...{ purpose: 'reminder', contactPoint: '+447700900123', madeBy: 'policy', template: 'first-reminder' },
    ...{ language: 'en', subject: null, body: 'Meridian Bank: please call us. Reply STOP to opt out.', offers: [] },
    ...{ tags: ['INSTITUTION_ID', 'OPT_OUT'], sender: 'Meridian Bank' },
  }));
}

async function todayAtTen(pool: Pool): Promise<{ today: string; atMs: number }> {
  const { calendar } = await createPublishedPolicies().latest(pool, 'bench');
  const today = calendar.dayOf(Date.now());
  return { today, atMs: calendar.instantAt(today, '10:00') };
}
