import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listCases } from '../../src/store/case-lists';
import { listContacts } from '../../src/store/contact-ledger';
import { claimContact } from '../../src/store/contacts';
import { encodeCursor, type Page } from '../../src/store/cursor';
import { addRefusals, finishImport, getImport, progressImport, startImport } from '../../src/store/imports';
import { listTasks } from '../../src/store/task-lists';
import { addTask } from '../../src/store/tasks';
import { listEvents, recordEvent } from '../../src/store/timeline';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, hourMs, openedAtMs, sampleContact, sampleTask } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Fetch<T> = (cursor: string | null, limit: number) => Promise<Page<T>>;

/** Reads all pages; `between` runs after each page but the last. */
async function readAll<T>(fetch: Fetch<T>, between: () => Promise<unknown>): Promise<T[]> {
  const seen: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await fetch(cursor, 2);
    seen.push(...page.items);
    cursor = page.nextCursor;
    if (cursor !== null && seen.length < 20) await between();
  } while (cursor !== null && seen.length < 40);
  return seen;
}

function expectEachOnce(seen: readonly string[], atLeast: readonly string[]): void {
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining([...atLeast]));
}

const five = [1, 2, 3, 4, 5];

describe('paging through a list neither skips nor repeats while rows are added', () => {
  it('cases', async () => {
    const branch = 'paging';
    const loans = await Promise.all(five.map(() => addOpenCase(database.pool, { branch })));
    const fetch: Fetch<{ loanId: string }> = (cursor, limit) => listCases(database.pool, { branch }, cursor, limit);
    const seen = await readAll(fetch, () => addOpenCase(database.pool, { branch }));
    expectEachOnce(
      seen.map((item) => item.loanId),
      loans.map((loan) => loan.loanId),
    );
  });

  it('tasks, of which many are due at the same instant', async () => {
    const loan = await addOpenCase(database.pool);
    const tasks = [...five.map(() => sampleTask(loan)), sampleTask(loan, { dueAtMs: openedAtMs })];
    for (const task of tasks) await addTask(database.pool, task);
    const seen = await readAll(
      (cursor, limit) => listTasks(database.pool, { loanId: loan.loanId, state: 'open' }, cursor, limit),
      async () => {
        await addTask(database.pool, sampleTask(loan, { dueAtMs: openedAtMs - hourMs }));
        await addTask(database.pool, sampleTask(loan));
      },
    );
    expectEachOnce(
      seen.map((task) => task.taskId),
      tasks.map((task) => task.taskId),
    );
    expect(seen.map((task) => task.dueAtMs)).toEqual(seen.map((task) => task.dueAtMs).sort((a, b) => a - b));
  });

  it('contacts', async () => {
    const loan = await addOpenCase(database.pool);
    const contacts = five.map((hours) => sampleContact(loan, { atMs: openedAtMs + Math.ceil(hours / 2) * hourMs }));
    for (const contact of contacts) await claimContact(database.pool, contact);
    const seen = await readAll(
      (cursor, limit) => listContacts(database.pool, loan.loanId, cursor, limit),
      () => claimContact(database.pool, sampleContact(loan)),
    );
    expectEachOnce(
      seen.map((contact) => contact.contactId),
      contacts.map((contact) => contact.contactId),
    );
  });

  it('events of the timeline, to the newest', async () => {
    const { loanId } = await addOpenCase(database.pool);
    let last = 0;
    const add = async (): Promise<void> => {
      last += 1;
      const event = { loanId, caseNo: 1, atMs: openedAtMs, kind: 'note', actor: 'a', reason: String(last), data: {} };
      await recordEvent(database.pool, event);
    };
    while (last < five.length) await add();
    const seen = await readAll((cursor, limit) => listEvents(database.pool, loanId, cursor, limit), add);
    expect(seen.map((event) => event.reason)).toEqual(Array.from({ length: last }, (_, index) => String(index + 1)));
    expect(last).toBeGreaterThan(five.length);
  });

  it('refused rows of an import, with several on one line', async () => {
    const importId = randomUUID();
    await startImport(database.pool, { importId, fileName: 'loans.csv', fileHash: null, kind: 'portfolio' });
    const refusals = five.flatMap((line) => ['amount', 'dueDay'].map((field) => ({ line, field, reason: 'is empty' })));
    await addRefusals(database.pool, importId, refusals);
    await addRefusals(database.pool, importId, refusals.slice(0, 3));
    await addRefusals(database.pool, importId, []);
    const fetch: Fetch<(typeof refusals)[number]> = async (cursor, limit) =>
      (await getImport(database.pool, importId, cursor, limit)).refusals;
    expect(await readAll(fetch, () => Promise.resolve())).toEqual(refusals);
  });
});

describe('a cursor', () => {
  it.each([
    ['garbage', 'not a cursor'],
    ['an empty text', ''],
    ['the cursor of another list', encodeCursor([1])],
    ['a key of the wrong kind', encodeCursor(['L-1', 'one'])],
    ['a text that SQL cannot hold', encodeCursor(['L\u0000', 1])],
    ['a number that SQL cannot hold', encodeCursor(['L-1', 1e300])],
  ])('that is %s is refused', async (_, cursor) => {
    const page = listCases(database.pool, {}, cursor, 2);
    await expect(page).rejects.toMatchObject({ type: 'InputInvalid', field: 'cursor' });
  });

  it('is null after a last page that is full', async () => {
    const branch = 'exactly-two';
    await addOpenCase(database.pool, { branch });
    await addOpenCase(database.pool, { branch });
    const page = await listCases(database.pool, { branch }, null, 2);
    expect(page).toMatchObject({ nextCursor: null });
    expect(page.items).toHaveLength(2);
  });
});

describe('an import', () => {
  it('tells how far it came, and keeps its end', async () => {
    const importId = randomUUID();
    await startImport(database.pool, { importId, fileName: 'loans.csv', fileHash: 'f1', kind: 'portfolio' });
    const counts = { rowsRead: 10, rowsTaken: 7, rowsKnown: 2, rowsRefused: 1 };
    await progressImport(database.pool, importId, counts);
    await finishImport(database.pool, importId, { state: 'done', failure: null });
    await finishImport(database.pool, importId, { state: 'failed', failure: 'late' });
    const { run } = await getImport(database.pool, importId, null, 10);
    expect(run).toMatchObject({ ...counts, fileHash: 'f1', state: 'done', failure: null });
    expect(run.endedAtMs).toBeGreaterThanOrEqual(run.startedAtMs);
  });

  it('that was never started is not found', async () => {
    await expect(getImport(database.pool, randomUUID(), null, 1)).rejects.toMatchObject({ type: 'NotFound' });
  });
});
