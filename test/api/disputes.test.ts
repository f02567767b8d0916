import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCase, addLoan } from './portfolio';
import { type Answer, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

function objection(changes: object = {}): Record<string, unknown> {
  const usual = { reasonCode: 'fee', amountMinor: 500, evidence: 'letter of today' };
  return { disputeId: `D-${randomUUID().slice(0, 8)}`, ...usual, ...changes };
}

function object(loanId: string, body: object): Promise<Answer> {
  return api.call('POST', `/v1/cases/${loanId}/disputes`, body);
}

function resolve(loanId: string, disputeId: unknown, body: object): Promise<Answer> {
  const decision = { note: 'checked', ...body };
  return api.call('POST', `/v1/cases/${loanId}/disputes/${String(disputeId)}/resolution`, decision);
}

describe('a dispute', () => {
  it('is written down once per id, with the day by which it is answered', async () => {
    const { loanId } = await addCase(api);
    const body = objection();
    const opened = await object(loanId, body);
    expect(opened).toMatchObject({
      status: 200,
      body: { loanId, reasonCode: 'fee', disputedMinor: 500, outcome: null, answerBy: '2026-03-23T15:59:00.000Z' },
    });
    expect((await object(loanId, body)).body).toEqual(opened.body);
    const other = await object(loanId, { ...body, amountMinor: 501 });
    expect(other.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists', field: 'disputeId' });
    const list = await api.call('GET', `/v1/cases/${loanId}/disputes`);
    expect(list.body.items).toEqual([opened.body]);
    const dossier = await api.call('GET', `/v1/cases/${loanId}/dossier`);
    expect(dossier.body).toMatchObject({ disputes: [opened.body] });
  });

  it.each([
    [{ reasonCode: 'angry' }, 400, 'InputInvalid', 'reasonCode'],
    [{ amountMinor: 0 }, 400, 'InputInvalid', 'amountMinor'],
    [{ amountMinor: 999_999_999 }, 400, 'InputInvalid', 'amountMinor'],
    [{ evidence: ' ' }, 400, 'InputInvalid', 'evidence'],
  ])('is refused with the field: %j', async (changes, status, type, field) => {
    const { loanId } = await addCase(api);
    const { body } = await object(loanId, objection(changes));
    expect(body).toMatchObject({ status, type: `urn:arrears:${type}`, field });
  });

  it('is of a loan that has an open case', async () => {
    const { loanId } = await addLoan(api);
    expect((await object(loanId, objection())).body).toMatchObject({ status: 404, type: 'urn:arrears:NotFound' });
  });

  it('is decided once, and the loan then asks for less', async () => {
    const { loanId } = await addCase(api);
    const { disputeId } = (await object(loanId, objection({ amountMinor: 1_000 }))).body as unknown as {
      disputeId: string;
    };
    for (const [body, field] of [
      [{ outcome: 'partly' }, 'amountMinor'],
      [{ outcome: 'partly', amountMinor: 1_000 }, 'amountMinor'],
      [{ outcome: 'rejected', amountMinor: 10 }, 'amountMinor'],
      [{ outcome: 'forgiven' }, 'outcome'],
    ] as const) {
      expect((await resolve(loanId, disputeId, body)).body).toMatchObject({ status: 400, field });
    }
    const partly = { outcome: 'partly', amountMinor: 400 };
    const resolved = await resolve(loanId, disputeId, partly);
    expect(resolved.body).toMatchObject({ outcome: 'partly', upheldMinor: 400, creditedMinor: 400, scheduleNo: 2 });
    expect((await resolve(loanId, disputeId, partly)).body).toEqual(resolved.body);
    const otherwise = await resolve(loanId, disputeId, { outcome: 'rejected' });
    expect(otherwise.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists', field: 'outcome' });
    const loan = await api.call('GET', `/v1/loans/${loanId}`);
    expect(loan.body).toMatchObject({ delinquency: { outstandingMinor: 201_600 } });
    expect((await resolve(loanId, 'D-never', partly)).body).toMatchObject({ status: 404, field: 'disputeId' });
  });

  it('stands in the database: neither what was said nor what was decided changes', async () => {
    const { loanId } = await addCase(api);
    const { disputeId } = (await object(loanId, objection())).body as unknown as { disputeId: string };
    const change = (sql: string) => api.pool.query(sql, [disputeId]);
    const other = change(`update dispute set disputed_minor = 1 where dispute_id = $1`);
    await expect(other).rejects.toMatchObject({ code: '23001' });
    await resolve(loanId, disputeId, { outcome: 'rejected' });
    const undone = change(`update dispute set outcome = null where dispute_id = $1`);
    await expect(undone).rejects.toMatchObject({ code: '23001' });
    await expect(change('delete from dispute where dispute_id = $1')).rejects.toMatchObject({ code: '42501' });
  });
});
