import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addCase, type Loan, phone } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.ms = mondayMorningMs + 8 * 3_600_000; // 18:00 in Shanghai
});

interface Reported {
  readonly contact: { readonly contactId: string };
  readonly breach: { readonly rules: readonly string[]; readonly reason: string } | null;
}

async function tell({ loanId }: Loan, changes: object = {}) {
  const usual = { reportId: randomUUID(), channel: 'call', at: '2026-03-02T10:00:00+08:00', outcome: 'no-answer' };
  const body = { ...usual, contactPoint: phone, ...changes };
  const answer = await api.call('POST', `/v1/cases/${loanId}/contacts`, body, { 'x-actor': 'ana' });
  return { status: answer.status, body: answer.body, reported: answer.body as unknown as Reported };
}

async function kindsOf({ loanId }: Loan): Promise<string[]> {
  return (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body.items.map(({ kind }) => kind);
}

describe('a contact that was made elsewhere', () => {
  it('is on record from the instant at which it was made, with who made it and how it ended', async () => {
    const loan = await addCase(api);
    const { status, reported } = await tell(loan, {
      agency: 'Example Recoveries',
      outcome: 'spoken-to',
      note: 'Friendly.',
    });
    expect(status).toBe(201);
    expect(reported).toMatchObject({
      contact: {
        channel: 'call',
        state: 'placed',
        outcome: 'spoken-to',
        madeBy: 'Example Recoveries',
        at: '2026-03-02T02:00:00.000Z',
      },
      breach: null,
    });
    const { rows } = await api.pool.query('select connection, agency, direction from contact where contact_id = $1', [
      reported.contact.contactId,
    ]);
    expect(rows).toEqual([{ connection: 'conversation', agency: 'Example Recoveries', direction: 'outbound' }]);
    expect(await kindsOf(loan)).toEqual(['opened', 'contact-reported']);
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    expect(timeline.text).not.toContain('Friendly');
  });

  it('counts for the caps, and what broke one is recorded with its breach', async () => {
    const loan = await addCase(api);
    for (const hour of ['10', '11', '12']) {
      expect((await tell(loan, { at: `2026-03-02T${hour}:00:00+08:00` })).reported.breach).toBeNull();
    }
    const fourth = await tell(loan, { at: '2026-03-02T13:00:00+08:00' });
    expect(fourth.status).toBe(201);
    expect(fourth.reported.breach?.rules).toEqual(['HOUSE-CALLS-DAY']);
    expect((await kindsOf(loan)).slice(-2)).toEqual(['contact-reported', 'contact-breach']);
    const contacts = await api.call('GET', `/v1/cases/${loan.loanId}/contacts`);
    expect(contacts.body.items).toHaveLength(4);
    const text = 'select broken_rules from reported_contact where contact_id = $1';
    const { rows } = await api.pool.query(text, [fourth.reported.contact.contactId]);
    expect(rows).toEqual([{ broken_rules: ['HOUSE-CALLS-DAY'] }]);
  });

  it.each([
    ['at night', { at: '2026-03-02T05:00:00+08:00' }, ['HOUSE-HOURS', 'CN-HOURS']],
    [
      'by one collector alone',
      { channel: 'visit', contactPoint: null, visit: { staff: 1, recorded: true, identityCard: true } },
      ['CN-VISIT-2'],
    ],
    [
      'by nobody knows how many collectors',
      { channel: 'visit', contactPoint: null },
      ['CN-VISIT-2', 'CN-VISIT-2-RECORD'],
    ],
    [
      'at night, and nobody says how',
      { channel: 'visit', contactPoint: null, at: '2026-03-02T05:00:00+08:00' },
      ['HOUSE-HOURS', 'CN-HOURS', 'CN-VISIT-2', 'CN-VISIT-2-RECORD'],
    ],
  ])('%s is a breach', async (_what, changes, rules) => {
    expect((await tell(await addCase(api), changes)).reported.breach?.rules).toEqual(rules);
  });

  it('is judged by what had happened until then: an opt-out that came later is no breach', async () => {
    const loan = await addCase(api);
    const consent = { channel: 'call', state: 'opted-out', source: 'letter', at: '2026-03-02T11:00:00+08:00' };
    await api.call('POST', `/v1/customers/${loan.customerId}/consents`, consent);
    expect((await tell(loan, { at: '2026-03-02T10:00:00+08:00' })).reported.breach).toBeNull();
    expect((await tell(loan, { at: '2026-03-02T12:00:00+08:00' })).reported.breach?.rules).toContain('HOUSE-OPT-OUT');
  });

  it('is on record with what nobody says of it, and counts', async () => {
    const loan = await addCase(api);
    const visit = await tell(loan, { channel: 'visit', contactPoint: null });
    expect(visit.status).toBe(201);
    expect(visit.reported.breach?.reason).toBe('nobody says how the visit was made');
    expect(await kindsOf(loan)).toEqual(['opened', 'contact-reported', 'contact-breach']);
    const lawful = { channel: 'visit', contactPoint: null, visit: { staff: 2, recorded: true, identityCard: true } };
    expect((await tell(await addCase(api), lawful)).reported.breach).toBeNull();
  });

  it('that the borrower began breaks no rule', async () => {
    const loan = await addCase(api);
    const came = { direction: 'inbound', channel: 'visit', contactPoint: null, outcome: 'spoken-to' };
    expect((await tell(loan, came)).reported.breach).toBeNull();
    const inbound = { direction: 'inbound', at: '2026-03-02T05:00:00+08:00', outcome: 'spoken-to' };
    expect((await tell(loan, inbound)).reported.breach).toBeNull();
  });

  it('is one contact however often it is reported, and another under the same id is refused', async () => {
    const loan = await addCase(api);
    const reportId = randomUUID();
    const first = await tell(loan, { reportId });
    const again = await tell(loan, { reportId });
    expect(again).toMatchObject({ status: 200, body: first.body });
    const other = await tell(loan, { reportId, outcome: 'refused' });
    expect(other.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists', field: 'reportId' });
    expect((await api.call('GET', `/v1/cases/${loan.loanId}/contacts`)).body.items).toHaveLength(1);
  });

  it.each([
    [{ at: '2026-03-02T18:00:01+08:00' }, 'at'],
    [{ at: '2026-01-31T17:59:59+08:00' }, 'at'],
    [{ at: 'this morning' }, 'at'],
    [{ outcome: 'great' }, 'outcome'],
    [{ outcome: null }, 'outcome'],
    [{ channel: 'letter' }, 'outcome'],
    [{ channel: 'sms' }, 'outcome'],
    [{ channel: 'telex' }, 'channel'],
    [{ contactPoint: '+86 138 0013 8000' }, 'contactPoint'],
    [{ contactPoint: '13800138000' }, 'contactPoint'],
    [{ contactPoint: 'the brother' }, 'contactPoint'],
  ])('is refused with %j', async (changes, field) => {
    expect((await tell(await addCase(api), changes)).body).toMatchObject({ type: 'urn:arrears:InputInvalid', field });
  });

  it('says why a number cannot be one, and takes an address as it is', async () => {
    const wrong = await tell(await addCase(api), { contactPoint: '+86 138 0013 8000' });
    expect(wrong.body).toMatchObject({ detail: expect.stringContaining('E.164') });
    const visit = { staff: 2, recorded: true, identityCard: true };
    const at = { channel: 'visit', contactPoint: '1 Sample Road, flat 2', visit };
    expect((await tell(await addCase(api), at)).status).toBe(201);
  });

  it('at a number that is nobody’s on record counts as the borrower’s, and the timeline says so', async () => {
    const loan = await addCase(api);
    for (const hour of ['10', '11', '12']) {
      const unknown = { contactPoint: `+12025550${hour}7`, at: `2026-03-02T${hour}:00:00+08:00` };
      expect((await tell(loan, unknown)).reported).toMatchObject({ breach: null });
    }
    const fourth = await tell(loan, { at: '2026-03-02T13:00:00+08:00' });
    expect(fourth.reported.breach?.rules).toEqual(['HOUSE-CALLS-DAY']);
    const { rows } = await api.pool.query(
      `select data->'onRecord' as known from case_event where loan_id = $1 and kind = 'contact-reported' order by event_id`,
      [loan.loanId],
    );
    expect(rows.map(({ known }: { known: boolean }) => known)).toEqual([false, false, false, true]);
  });

  it('at a wrong number marks the number, and an opt-out closes the way, as the policy says', async () => {
    const loan = await addCase(api);
    await tell(loan, { outcome: 'wrong-number' });
    await tell(loan, { channel: 'visit', contactPoint: null, outcome: 'opted-out' });
    const customer = await api.call('GET', `/v1/customers/${loan.customerId}`);
    expect(customer.body).toMatchObject({ consents: [{ channel: 'visit', state: 'opted-out' }] });
    expect(customer.body.contactPoints).toContainEqual(expect.objectContaining({ value: phone, state: 'invalid' }));
  });
});
