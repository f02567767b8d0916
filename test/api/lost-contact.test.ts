import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publishRetailWith } from '../support/retail-with';
import { addCase, type Loan, phone } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.ms = mondayMorningMs + 8 * 3_600_000;
});

const call = ({ loanId }: Loan, hour: number, outcome: string) =>
  api.call('POST', `/v1/cases/${loanId}/contacts`, {
    ...{ reportId: randomUUID(), channel: 'call', outcome, contactPoint: phone },
    at: `2026-03-02T${hour}:00:00+08:00`,
  });
const flagsOf = async ({ customerId }: Loan): Promise<unknown> =>
  (await api.call('GET', `/v1/customers/${customerId}/contact-facts`)).body;
const post = ({ customerId }: Loan, body: object) => api.call('POST', `/v1/customers/${customerId}/flags`, body);

describe('a borrower whom a person has called lost', () => {
  it('stays lost until a person says otherwise: that a number is on record proves nothing', async () => {
    const loan = await addCase(api);
    await post(loan, { flag: 'lost-contact', evidence: 'twenty calls in vain' });
    expect((await call(loan, 10, 'no-answer')).status).toBe(201);
    expect(await flagsOf(loan)).toMatchObject({ flags: [{ flag: 'lost-contact', endedBy: null }] });
  });

  it('is not lost by mere attempts where the policy does not say so', async () => {
    const loan = await addCase(api);
    for (const hour of [10, 11, 12, 13]) await call(loan, hour, 'no-answer');
    expect(await flagsOf(loan)).toMatchObject({ flags: [] });
  });
});

describe('where the policy says after how many attempts in vain a borrower is lost', () => {
  beforeAll(async () => {
    const lostContact = '{ task: trace, within: 5 working days, afterFailedAttempts: 3 }';
    await publishRetailWith(api.pool, { lostContact });
  });

  it('the last of them sets the flag and asks for a trace, and a conversation ends it', async () => {
    const loan = await addCase(api);
    await call(loan, 10, 'no-answer');
    await call(loan, 11, 'busy');
    expect(await flagsOf(loan)).toMatchObject({ flags: [] });
    await call(loan, 12, 'voicemail');
    expect(await flagsOf(loan)).toMatchObject({ flags: [{ flag: 'lost-contact', actor: 'policy', endedBy: null }] });
    const { items } = (await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&kind=trace`)).body;
    expect(items).toHaveLength(1);
    api.clock.ms += 3_600_000;
    await api.call('POST', `/v1/cases/${loan.loanId}/contacts`, {
      ...{ reportId: randomUUID(), channel: 'call', outcome: 'spoken-to', contactPoint: phone },
      at: new Date(api.clock.ms).toISOString(),
    });
    expect(await flagsOf(loan)).toMatchObject({
      flags: [{ flag: 'lost-contact', endedBy: 'policy', endReason: 'the borrower was heard' }],
    });
  });
});
