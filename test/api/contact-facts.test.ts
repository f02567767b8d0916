import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lockCustomer } from '../../src/store/customers';
import { inTransaction } from '../../src/store/database';
import { eventually } from '../support/eventually';
import { addCase, addLoan, customerBody, type Loan } from './portfolio';
import { type Answer, mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const at = new Date(mondayMorningMs).toISOString();

interface Judgement {
  readonly verdict: string;
  readonly until: string | null;
  readonly reason: string | null;
  readonly rules: readonly string[];
  readonly zones: readonly string[];
  readonly opinions: readonly { readonly rule: string; readonly says: string; readonly source: string | null }[];
}

async function judged({ customerId }: Loan, query: string): Promise<Judgement> {
  const answer = await api.call('GET', `/v1/customers/${customerId}/contact-judgement?${query}`);
  expect(answer.status).toBe(200);
  return answer.body as unknown as Judgement;
}

function tell({ customerId }: Loan, what: string, body: object): Promise<Answer> {
  return api.call('POST', `/v1/customers/${customerId}/${what}`, { evidence: 'letter of today', ...body });
}

describe('whoever asks whether a borrower may be contacted', () => {
  it('is told yes, by which rules, and where the hours hold', async () => {
    const answer = await judged(await addCase(api), `channel=sms&at=${at}&purpose=reminder`);
    expect(answer).toMatchObject({ verdict: 'allow', until: null, zones: ['Asia/Shanghai'] });
    expect(answer.rules).toContain('CN-HOURS');
    expect(answer.opinions.every(({ says }) => says === 'yes')).toBe(true);
  });

  it('is told when next, where it is too early', async () => {
    const answer = await judged(await addCase(api), 'channel=call&at=2026-03-03T05:30:00%2B08:00');
    expect(answer.verdict).toBe('defer');
    expect(answer.opinions[0]).toMatchObject({ says: 'not-before' });
    expect(Date.parse(answer.until ?? '')).toBeGreaterThanOrEqual(Date.parse('2026-03-03T00:00:00Z'));
  });

  it('is told no and the source of the rule, where a lawyer speaks for the borrower', async () => {
    const loan = await addCase(api);
    await tell(loan, 'flags', { flag: 'represented', confirmed: true });
    const answer = await judged(loan, `channel=call&at=${new Date(mondayMorningMs + 1000).toISOString()}`);
    expect(answer).toMatchObject({ verdict: 'deny' });
    expect(answer.opinions[0]).toMatchObject({ says: 'never' });
    expect(answer.opinions[0]?.rule).toBe(answer.rules[0]);
  });

  it('changes nothing by asking', async () => {
    const loan = await addCase(api);
    await judged(loan, `channel=sms&at=${at}`);
    const contacts = await api.call('GET', `/v1/cases/${loan.loanId}/contacts`);
    expect(contacts.body.items).toEqual([]);
  });

  it('is refused with the field for an unknown channel or customer', async () => {
    const { customerId } = await addLoan(api);
    const wrong = await api.call('GET', `/v1/customers/${customerId}/contact-judgement?channel=pigeon`);
    expect(wrong.body).toMatchObject({ status: 400, field: 'channel' });
    const nobody = await api.call('GET', '/v1/customers/C-nobody/contact-judgement?channel=sms');
    expect(nobody.body).toMatchObject({ status: 404, field: 'customerId' });
  });
});

describe('what becomes known of a borrower', () => {
  it('is on record with who knows it and how, and ends without being deleted', async () => {
    const loan = await addCase(api);
    const set = await tell(loan, 'flags', { flag: 'disputed', loanId: loan.loanId });
    const [flag] = (set.body as unknown as { flags: { id: number; flag: string }[] }).flags;
    expect(flag).toMatchObject({ flag: 'disputed', evidence: 'letter of today', endedBy: null });
    api.clock.ms += 1_000;
    const path = `/v1/customers/${loan.customerId}/flags/${flag?.id ?? 0}/end`;
    const ended = await api.call('POST', path, { reason: 'the amount was verified' }, { 'x-actor': 'ana' });
    expect(ended.body).toMatchObject({ flags: [{ endedBy: 'ana', endReason: 'the amount was verified' }] });
    const again = await api.call('POST', path, { reason: 'once more' });
    expect(again.body).toMatchObject({ status: 400, field: 'id' });
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    expect(timeline.body.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['flag-set', 'flag-ended']));
  });

  it('stays out of the timeline in the words in which the bank heard it', async () => {
    const loan = await addCase(api);
    await tell(loan, 'flags', { flag: 'vulnerable', handler: 'ana', evidence: 'told us about an illness' });
    expect((await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).text).not.toContain('illness');
  });

  it('keeps the hours that the borrower asked for', async () => {
    const loan = await addCase(api);
    await tell(loan, 'inconvenient-times', { weekdays: ['mon'], start: '09:00', end: '12:00' });
    expect((await judged(loan, `channel=sms&at=${at}`)).until).toBe('2026-03-02T04:00:00.000Z');
  });

  it.each([
    ['sms', '+86 138 0013 8000'],
    ['call', '13800138000'],
    ['email', 'robin at example.com'],
  ])('that was allowed by %s names a number or address as it is on record', async (channel, contactPoint) => {
    const answer = await tell(await addCase(api), 'grants', { grant: 'direct-consent', channel, contactPoint });
    expect(answer.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'contactPoint' });
  });

  it('keeps the hours of every place in which the borrower may be', async () => {
    const loan = await addCase(api);
    const path = `/v1/customers/${loan.customerId}/told-timezones`;
    await api.call('PUT', path, { timezones: ['America/New_York'] });
    const answer = await judged(loan, `channel=sms&at=${at}`);
    expect(answer).toMatchObject({ verdict: 'defer', zones: ['Asia/Shanghai', 'America/New_York'] });
    const wrong = await api.call('PUT', path, { timezones: ['Mars/Olympus'] });
    expect(wrong.body).toMatchObject({ status: 400, field: 'timezones.0' });
  });

  it('cannot end before it began, name a loan of somebody else, or be a word that no rule knows', async () => {
    const [loan, other] = [await addCase(api), await addCase(api)];
    const backwards = { flag: 'moratorium', from: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' };
    expect((await tell(loan, 'flags', backwards)).body).toMatchObject({ status: 400, field: 'until' });
    const foreign = await tell(loan, 'flags', { flag: 'disputed', loanId: other.loanId });
    expect(foreign.body).toMatchObject({ status: 400, field: 'loanId' });
    const nobody = await tell(loan, 'flags', { flag: 'vulnerable', partyId: 'p-nobody', handler: 'ana' });
    expect(nobody.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'partyId' });
    expect((await tell(loan, 'flags', { flag: 'grumpy' })).body).toMatchObject({ status: 400, field: 'flag' });
  });
});

describe('a consent or its withdrawal', () => {
  const say = ({ customerId }: Loan, body: object): Promise<Answer> =>
    api.call(
      'POST',
      `/v1/customers/${customerId}/consents`,
      { channel: 'sms', source: 'form', ...body },
      { 'x-actor': 'ana' },
    );
  const closed = async (loan: Loan): Promise<boolean> => {
    const { verdict, opinions } = await judged(loan, `channel=sms&at=${new Date(api.clock.ms).toISOString()}`);
    return verdict === 'deny' && opinions[0]?.rule === 'HOUSE-OPT-OUT';
  };

  it('is on record with who wrote it down, and on the timeline of every open case', async () => {
    const loan = await addCase(api);
    const { body } = await say(loan, { state: 'opted-out' });
    expect(body).toMatchObject({ consents: [{ channel: 'sms', state: 'opted-out', source: 'form', actor: 'ana' }] });
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'opted-out', actor: 'ana', reason: 'asked for no more sms' }),
    );
    expect(await closed(loan)).toBe(true);
  });

  it('from before the opt-out in force opens nothing', async () => {
    const loan = await addCase(api);
    await say(loan, { state: 'opted-out' });
    const refused = await say(loan, { state: 'opted-in', at: '2024-05-01T00:00:00Z' });
    expect(refused.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'at' });
    expect(await closed(loan)).toBe(true);
  });

  it('of the future is refused, so that a stop word of today closes the way', async () => {
    const loan = await addCase(api);
    const refused = await say(loan, { state: 'opted-out', at: '2030-01-01T00:00:00Z' });
    expect(refused.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'at' });
    expect(await closed(loan)).toBe(false);
  });

  it('that is older than what is in force changes nothing, though it is written down later', async () => {
    const loan = await addCase(api);
    await say(loan, { state: 'opted-in', at: '2026-02-01T00:00:00Z' });
    expect((await say(loan, { state: 'opted-out', at: '2026-01-01T00:00:00Z' })).body).toMatchObject({
      consents: [{ state: 'opted-in' }],
    });
    expect(await closed(loan)).toBe(false);
  });

  it('waits for whoever holds the borrower', async () => {
    const { customerId } = await addCase(api);
    let answer: Promise<Answer> | undefined;
    const order: string[] = [];
    await inTransaction(api.pool, async (tx) => {
      await lockCustomer(tx, customerId);
      answer = say({ customerId, loanId: '' }, { state: 'opted-out' }).finally(() => order.push('answered'));
      const waiting = 'select from pg_locks where not granted';
      await eventually(
        () => api.pool.query(waiting),
        ({ rowCount }) => (rowCount ?? 0) > 0,
      );
      order.push('let go');
    });
    expect((await answer)?.status).toBe(200);
    expect(order).toEqual(['let go', 'answered']);
  });
});

describe('what one person allowed', () => {
  const put = (loan: Loan, point: object) =>
    api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, { kind: 'phone', place: 'work', ...point });
  const employersOf = ({ loanId }: Loan) => ({
    value: '+12025550144',
    owner: { partyId: 'p-2', role: 'guarantor', loanIds: [loanId] },
  });
  const later = (): string => new Date(mondayMorningMs + 60_000).toISOString();

  it('serves nobody else: the borrower’s leave for work is none to call the guarantor there', async () => {
    const loan = await addCase(api);
    await put(loan, { value: '+12025550143' });
    await put(loan, employersOf(loan));
    const given = await tell(loan, 'grants', { grant: 'work-contact' });
    expect(given.body).toMatchObject({ grants: [{ grant: 'work-contact', partyId: null }] });
    const toGuarantor = `channel=call&at=${later()}&contactPoint=%2B12025550144`;
    expect((await judged(loan, `channel=call&at=${later()}&contactPoint=%2B12025550143`)).verdict).toBe('allow');
    expect(await judged(loan, toGuarantor)).toMatchObject({ verdict: 'deny', rules: ['HOUSE-WORK'] });
    const theirs = await tell(loan, 'grants', { grant: 'work-contact', partyId: 'p-2' });
    expect(theirs.body).toMatchObject({ grants: [{ partyId: null }, { partyId: 'p-2' }] });
    expect((await judged(loan, toGuarantor)).verdict).toBe('allow');
  });

  it('names a person on record of this borrower', async () => {
    const loan = await addCase(api);
    const answer = await tell(loan, 'grants', { grant: 'hours', partyId: 'p-nobody' });
    expect(answer.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'partyId' });
  });
});

describe('a way to reach somebody', () => {
  const put = (loan: Loan, body: object) => api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, body);

  it('has an owner, and what is said to a guarantor is not what is said to a friend', async () => {
    const loan = await addLoan(api, {}, { ...customerBody, contactPoints: [] });
    const friend = { kind: 'phone', value: '+12025550143', owner: { partyId: 'p-1', role: 'contact' } };
    const owner = { partyId: 'p-2', role: 'guarantor', loanIds: [loan.loanId] };
    const guarantor = { kind: 'phone', value: '+12025550144', owner };
    for (const point of [friend, guarantor]) expect((await put(loan, point)).status).toBe(200);
    const toFriend = await judged(loan, `channel=call&at=${at}&contactPoint=%2B12025550143`);
    expect(toFriend.verdict).toBe('deny');
    expect(toFriend.rules).toContain('CN-THIRD-PARTY');
    expect((await judged(loan, `channel=call&at=${at}&contactPoint=%2B12025550144`)).verdict).toBe('allow');
  });

  it('is refused where its number cannot be one', async () => {
    const loan = await addLoan(api);
    for (const value of ['12025550143', '+1202555014', '+999123456789', '+86 138 0000 0000']) {
      expect((await put(loan, { kind: 'phone', value })).body).toMatchObject({ status: 400, field: 'value' });
    }
  });

  it('is not used any more once the number belongs to somebody else', async () => {
    const loan = await addCase(api);
    await put(loan, { kind: 'phone', value: '+447700900123', state: 'reassigned' });
    const answer = await judged(loan, `channel=sms&at=${at}&contactPoint=%2B447700900123`);
    expect(answer.verdict).toBe('deny');
  });
});

describe('somebody beside the borrower who does not want to be contacted again', () => {
  const refused = (loan: Loan, partyId?: string) => tell(loan, 'flags', { flag: 'refused-contact', partyId });

  it('is named, or else it would be the borrower whom nobody may contact', async () => {
    const loan = await addCase(api);
    const owner = { partyId: 'p-1', role: 'guarantor', loanIds: [loan.loanId] };
    const friend = { kind: 'phone', value: '+12025550143', owner };
    await api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, friend);
    const unnamed = await refused(loan);
    expect(unnamed.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'partyId' });
    expect(unnamed.body).toMatchObject({ detail: expect.stringContaining('cease') });
    const body = { flag: 'refused-contact', evidence: 'letter of today' };
    expect((await api.call('POST', `/v1/cases/${loan.loanId}/flags`, body)).body).toMatchObject({ field: 'partyId' });
    expect((await refused(loan, 'p-1')).status).toBe(200);
    const after = new Date(mondayMorningMs + 60_000).toISOString();
    const toFriend = await judged(loan, `channel=call&at=${after}&contactPoint=%2B12025550143`);
    expect(toFriend).toMatchObject({ verdict: 'deny', rules: ['HOUSE-REFUSED-CONTACT', 'CN-THIRD-PARTY-REFUSED'] });
    expect((await judged(loan, `channel=call&at=${after}`)).verdict).toBe('allow');
  });

  it('is on record of this borrower, and not of another', async () => {
    const [loan, other] = [await addCase(api), await addCase(api)];
    const friend = { kind: 'phone', value: '+12025550143', owner: { partyId: 'p-1', role: 'contact' } };
    await api.call('PUT', `/v1/customers/${other.customerId}/contact-points`, friend);
    expect((await refused(loan, 'p-1')).body).toMatchObject({ status: 400, field: 'partyId' });
  });
});

describe('a borrower of whom no number and no address works', () => {
  const lose = (loan: Loan, state: string) =>
    Promise.all(
      [
        { kind: 'phone', value: '+447700900123', state },
        { kind: 'email', value: 'robin@example.com', state },
      ].map((point) => api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, point)),
    );
  const tracesOf = async ({ loanId }: Loan) =>
    (await api.call('GET', `/v1/tasks?loanId=${loanId}&kind=trace`)).body.items;

  it('is in lost contact: a flag that rules know, and a task to look for them', async () => {
    const loan = await addCase(api);
    await lose(loan, 'invalid');
    const facts = await api.call('GET', `/v1/customers/${loan.customerId}/contact-facts`);
    expect(facts.body).toMatchObject({ flags: [{ flag: 'lost-contact', actor: 'policy', endedBy: null }] });
    expect(await tracesOf(loan)).toMatchObject([{ kind: 'trace', attempt: 1 }]);
  });

  it('is looked for again a month later when nobody found them, and found only with a number that works', async () => {
    const loan = await addCase(api);
    await lose(loan, 'invalid');
    const [trace] = await tracesOf(loan);
    const task = `/v1/tasks/${trace?.taskId ?? ''}`;
    await api.call('POST', `${task}/claim`);
    const early = await api.call('POST', `${task}/complete`, { outcome: 'found' });
    expect(early.body).toMatchObject({ status: 400, field: 'outcome' });
    expect((await api.call('POST', `${task}/complete`, { outcome: 'not-found' })).status).toBe(200);
    expect((await tracesOf(loan)).map(({ attempt }) => attempt)).toEqual([1, 2]);
    await lose(loan, 'verified');
    const facts = await api.call('GET', `/v1/customers/${loan.customerId}/contact-facts`);
    expect(facts.body).toMatchObject({
      flags: [{ flag: 'lost-contact', endReason: 'a number or an address works again' }],
    });
  });
});

describe('the packs in force', () => {
  it('are shown rule by rule, with source and confidence, and whether they bind', async () => {
    const answer = await api.call('GET', '/v1/packs');
    expect(answer.body).toMatchObject({ actor: 'CREDITOR', packs: [{ pack: 'house' }, { pack: 'cn', binding: true }] });
    const { packs } = answer.body as unknown as { packs: { rules: { id: string; source?: string }[] }[] };
    const hours = packs[1]?.rules.find(({ id }) => id === 'CN-HOURS');
    expect(hours).toMatchObject({ start: '08:00', end: '22:00', confidence: 'S' });
    expect(hours?.source).toContain('GB/T 45251-2025');
  });
});
