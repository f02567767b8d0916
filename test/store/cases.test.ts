import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { casesDueBy, listCases, openCasesOfCustomer } from '../../src/store/case-lists';
import {
  closeCase,
  getCase,
  getLatestCase,
  getOpenCase,
  openCase,
  projectCase,
  setAssignee,
  setEscalateTo,
} from '../../src/store/cases';
import { listEvents, recordEvent } from '../../src/store/timeline';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addCustomer, addLoan, addOpenCase, hourMs, openedAtMs, sampleCase } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const shown = {
  stage: 'follow-up',
  rawDpd: 16,
  effectiveDpd: 12,
  overdueMinor: 90_000,
  paused: true,
  nextAction: 'wait',
  nextActionAtMs: openedAtMs + hourMs,
};

describe('a case', () => {
  it('is one open case per loan when twenty open it at the same time', async () => {
    const { loanId } = await addLoan(database.pool);
    const opening = await sampleCase(database.pool, loanId);
    const openings = await Promise.all(Array.from({ length: 20 }, () => openCase(database.pool, opening)));
    expect(openings.filter((one) => one.opened)).toHaveLength(1);
    expect(new Set(openings.map((one) => one.caseNo))).toEqual(new Set([1]));
  });

  it('takes the next number when the loan becomes overdue again', async () => {
    const { loanId } = await addOpenCase(database.pool);
    const closing = { closedAtMs: openedAtMs + hourMs, reason: 'arrears-cleared' };
    expect(await closeCase(database.pool, loanId, 1, closing)).toBe(true);
    expect(await closeCase(database.pool, loanId, 1, closing)).toBe(false);
    expect(await getOpenCase(database.pool, loanId)).toBeNull();
    const opening = await sampleCase(database.pool, loanId);
    expect(await openCase(database.pool, opening)).toEqual({ caseNo: 2, opened: true });
    expect((await getLatestCase(database.pool, loanId))?.caseNo).toBe(2);
    expect(await getCase(database.pool, loanId, 1)).toMatchObject({ status: 'closed', closeReason: 'arrears-cleared' });
  });

  it('needs a loan and a published policy', async () => {
    const { loanId } = await addLoan(database.pool);
    const opening = await sampleCase(database.pool, loanId);
    const noLoan = openCase(database.pool, { ...opening, loanId: 'nothing' });
    await expect(noLoan).rejects.toMatchObject({ type: 'NotFound', field: 'loanId' });
    const noPolicy = openCase(database.pool, { ...opening, policyVersion: '9.9' });
    await expect(noPolicy).rejects.toMatchObject({ type: 'NotFound', field: 'policyVersion' });
  });

  it('shows what its last step wrote, and no later step changes a closed one', async () => {
    const { loanId } = await addOpenCase(database.pool);
    await projectCase(database.pool, loanId, 1, shown);
    expect(await getOpenCase(database.pool, loanId)).toMatchObject(shown);
    await closeCase(database.pool, loanId, 1, { closedAtMs: openedAtMs + hourMs, reason: 'withdrawn' });
    await projectCase(database.pool, loanId, 1, { ...shown, rawDpd: 99 });
    expect(await getCase(database.pool, loanId, 1)).toMatchObject({ rawDpd: 16, paused: false, nextActionAtMs: null });
  });

  it('is assigned and escalated while it is open only', async () => {
    const { loanId } = await addOpenCase(database.pool);
    await setAssignee(database.pool, loanId, 1, 'collector-7');
    await setEscalateTo(database.pool, loanId, 1, 'legal');
    const open = await getOpenCase(database.pool, loanId);
    expect(open).toMatchObject({ assignee: 'collector-7', escalateTo: 'legal' });
    await closeCase(database.pool, loanId, 1, { closedAtMs: openedAtMs + hourMs, reason: 'withdrawn' });
    await expect(setAssignee(database.pool, loanId, 1, null)).rejects.toMatchObject({ type: 'CaseNotOpen' });
    await expect(setEscalateTo(database.pool, loanId, 1, null)).rejects.toMatchObject({ type: 'CaseNotOpen' });
  });
});

describe('the list of cases', () => {
  it('answers to each filter and to all of them together', async () => {
    const customerId = await addCustomer(database.pool);
    const mine = await addOpenCase(database.pool, { customerId, branch: 'harbour', riskTier: 'high' });
    await projectCase(database.pool, mine.loanId, 1, shown);
    await setAssignee(database.pool, mine.loanId, 1, 'collector-8');
    const other = await addOpenCase(database.pool, { customerId, branch: 'harbour', riskTier: 'low' });
    await closeCase(database.pool, other.loanId, 1, { closedAtMs: openedAtMs, reason: 'withdrawn' });
    const fits = {
      status: 'open' as const,
      stage: 'follow-up',
      riskTier: 'high' as const,
      assignee: 'collector-8',
      paused: true,
    };
    for (const [name, value] of Object.entries(fits)) {
      const { items } = await listCases(database.pool, { customerId, [name]: value }, null, 10);
      expect([name, items.map((item) => item.loanId)]).toEqual([name, [mine.loanId]]);
    }
    const all = await listCases(database.pool, { ...fits, customerId, branch: 'harbour' }, null, 10);
    expect(all.items.map((item) => item.loanId)).toEqual([mine.loanId]);
    expect((await listCases(database.pool, { branch: 'harbour' }, null, 10)).items).toHaveLength(2);
    const open = await openCasesOfCustomer(database.pool, customerId);
    expect(open.map((item) => item.loanId)).toEqual([mine.loanId]);
  });

  it('knows which cases have something to do by an instant, and takes one that nobody has looked at for such', async () => {
    const { loanId, customerId } = await addOpenCase(database.pool);
    const dueBy = async (atMs: number) =>
      (await casesDueBy(database.pool, atMs)).filter((due) => due.loanId === loanId);
    expect(await dueBy(openedAtMs - 99 * hourMs)).toEqual([{ loanId, caseNo: 1, customerId }]);
    await projectCase(database.pool, loanId, 1, { ...shown, nextActionAtMs: openedAtMs - hourMs });
    expect(await dueBy(openedAtMs - hourMs)).toEqual([{ loanId, caseNo: 1, customerId }]);
    expect(await dueBy(openedAtMs - hourMs - 1)).toEqual([]);
  });
});

describe('the timeline', () => {
  const event = { caseNo: 1, atMs: openedAtMs, kind: 'opened', actor: 'arrears', reason: '1 day past due', data: {} };

  it('holds an event once under its key, over all cases of the loan', async () => {
    const { loanId } = await addOpenCase(database.pool);
    expect(await recordEvent(database.pool, { ...event, loanId, eventKey: 'opened' })).toBe(true);
    expect(await recordEvent(database.pool, { ...event, loanId, eventKey: 'opened' })).toBe(false);
    await closeCase(database.pool, loanId, 1, { closedAtMs: openedAtMs, reason: 'withdrawn' });
    await openCase(database.pool, await sampleCase(database.pool, loanId));
    await recordEvent(database.pool, { ...event, loanId, caseNo: 2, eventKey: 'opened' });
    const { items } = await listEvents(database.pool, loanId, null, 10);
    expect(items).toMatchObject([
      { ...event, loanId, caseNo: 1 },
      { ...event, loanId, caseNo: 2 },
    ]);
  });

  it('keeps every event that has no key', async () => {
    const { loanId } = await addOpenCase(database.pool);
    await recordEvent(database.pool, { ...event, loanId });
    await recordEvent(database.pool, { ...event, loanId });
    expect((await listEvents(database.pool, loanId, null, 10)).items).toHaveLength(2);
  });

  it.each(['update case_event set reason = reason', 'delete from case_event', 'truncate case_event'])(
    'is append-only, also for whoever writes SQL: %s',
    async (sql) => {
      const { loanId } = await addOpenCase(database.pool);
      await recordEvent(database.pool, { ...event, loanId });
      await expect(database.owner.query(sql)).rejects.toThrow('case_event is append-only');
    },
  );
});
