import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keptWordsOf } from '../../src/policy/contact-pack';
import { openGate } from '../../src/service/case-worker-deps';
import { keepPacks } from '../../src/store/contact-packs';
import { addCase, type Loan, phone } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await keepPacks(api.pool, keptWordsOf((await openGate()).inForce.packs));
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.ms = mondayMorningMs + 8 * 3_600_000; // 18:00 in Shanghai
});

const letter = { channel: 'letter', at: '2026-03-02T10:00:00+08:00' };
const words = {
  ...{ subject: 'Your loan', language: 'en', tags: ['INSTITUTION_ID', 'CARD_LETTER'] },
  body: 'Dear Robin Example,\nExample Bank writes about your account.\n',
};
const sms = {
  ...{ channel: 'sms', at: '2026-03-02T10:00:00+08:00', contactPoint: phone, agency: 'Example Recoveries' },
  ...{ language: 'en', tags: ['INSTITUTION_ID', 'OPT_OUT'] },
  body: 'Example Recoveries: please call us. Reply STOP to opt out.',
};

interface Reported {
  readonly contact: { readonly contactId: string };
  readonly breach: { readonly rules: readonly string[]; readonly reason: string } | null;
  readonly unproven: readonly string[];
}

async function tell({ loanId }: Loan, report: object) {
  const answer = await api.call('POST', `/v1/cases/${loanId}/contacts`, { reportId: randomUUID(), ...report });
  return { status: answer.status, body: answer.body, reported: answer.body as unknown as Reported };
}

async function eventsOf({ loanId }: Loan) {
  const { body } = await api.call('GET', `/v1/cases/${loanId}/timeline`);
  return body.items as unknown as readonly { readonly kind: string; readonly data: Record<string, unknown> }[];
}

async function replaysOf({ customerId }: Loan): Promise<unknown[]> {
  const { body } = await api.call('GET', `/v1/customers/${customerId}/contact-decisions`);
  return (body.items as unknown as readonly { readonly replay: unknown }[]).map(({ replay }) => replay);
}

describe('a letter that is reported with its words', () => {
  it('is kept word for word, with their hash', async () => {
    const { status, reported } = await tell(await addCase(api), { ...letter, ...words });
    const contentHash = createHash('sha256')
      .update(JSON.stringify([words.subject, words.body]))
      .digest('hex');
    expect(status).toBe(201);
    expect(reported).toMatchObject({ breach: null, unproven: [] });
    const kept = { subject: words.subject, body: words.body, language: 'en', contentHash };
    expect(reported.contact).toMatchObject(kept);
  });

  it.each<[string, object, string[]]>([
    ['does not show what letters must', { tags: ['INSTITUTION_ID'] }, ['CN-CARD-LETTER']],
    ['says nothing of what it carries', { tags: undefined }, ['CN-CARD-LETTER']],
    ['names no institution', { body: 'Dear Robin Example, please call.' }, ['CN-IDENTIFY']],
    ['names another one than its sender', { sender: 'Other Bank' }, ['CN-IDENTIFY']],
    ['threatens', { body: 'Example Bank will have the police arrest you.' }, ['CN-IDENTIFY-BANNED']],
    ['threatens in its subject', { subject: 'Police' }, ['CN-IDENTIFY-BANNED']],
    [
      'tells a stranger of the debt',
      { purpose: 'location-info', body: 'Example Bank: a debt.' },
      ['HOUSE-NO-DISCLOSURE'],
    ],
  ])('and %s is a breach, never refused', async (_what, changes, rules) => {
    const loan = await addCase(api);
    const { status, reported } = await tell(loan, { ...letter, ...words, ...changes });
    expect(status).toBe(201);
    expect(reported.breach?.rules).toEqual(rules);
    const broken = (await eventsOf(loan)).at(-1);
    expect(broken).toMatchObject({ kind: 'contact-breach', data: { channel: 'letter', rules } });
    expect(await replaysOf(loan)).toEqual(['same']);
  });

  it('and broke other rules too is a breach of all of them', async () => {
    const bad = { at: '2026-03-02T05:00:00+08:00', body: 'Example Bank knows the police.' };
    const loan = await addCase(api);
    const { reported } = await tell(loan, { ...letter, ...words, ...bad });
    expect(reported.breach?.rules).toEqual(['CN-IDENTIFY-BANNED', 'HOUSE-HOURS', 'CN-HOURS']);
    expect(await replaysOf(loan)).toEqual(['same']);
  });

  it('is one letter however often it is reported, and other words under its id are refused', async () => {
    const loan = await addCase(api);
    const report = { ...letter, ...words, reportId: randomUUID() };
    const first = await tell(loan, report);
    expect(await tell(loan, report)).toMatchObject({ status: 200, body: first.body });
    const other = await tell(loan, { ...report, body: 'Example Bank: something else.' });
    expect(other.body).toMatchObject({ type: 'urn:arrears:AlreadyExists', field: 'reportId' });
  });

  it('breaks no rule of content where the borrower wrote it', async () => {
    const { reported } = await tell(await addCase(api), { ...letter, direction: 'inbound' });
    expect(reported).toMatchObject({ breach: null, unproven: [] });
  });
});

describe('a letter whose words nobody tells', () => {
  it('counts, breaks nothing, and names the rules that nobody could ask', async () => {
    const loan = await addCase(api);
    const report = { ...letter, reportId: randomUUID() };
    const { reported, body } = await tell(loan, report);
    const unproven = ['CN-IDENTIFY', 'CN-IDENTIFY-BANNED', 'CN-CREDIT-REPAIR-2026', 'CN-CARD-LETTER'];
    expect(reported).toMatchObject({ breach: null, unproven });
    expect(reported.contact).toMatchObject({ body: null, contentHash: null, verdict: { unproven } });
    expect((await eventsOf(loan)).at(-1)).toMatchObject({ kind: 'contact-reported', data: { unproven } });
    expect((await tell(loan, report)).body).toEqual(body);
    expect(await replaysOf(loan)).toEqual(['same']);
  });
});

describe('a message that an agency sent', () => {
  it('is judged in the name of the agency, and counts for the caps of the day', async () => {
    const loan = await addCase(api);
    const first = await tell(loan, sms);
    expect(first.reported).toMatchObject({ breach: null, contact: { channel: 'sms', madeBy: 'Example Recoveries' } });
    const second = await tell(loan, { ...sms, at: '2026-03-02T11:00:00+08:00' });
    expect(second.reported.breach?.rules).toContain('HOUSE-DAILY-CAP');
  });

  it('and does not say how to get no more is a breach', async () => {
    const { reported } = await tell(await addCase(api), { ...sms, body: 'Example Recoveries: please call us.' });
    expect(reported.breach?.rules).toEqual(['HOUSE-HOW-TO-OPT-OUT']);
  });

  it('by e-mail is held to its subject as well', async () => {
    const email = { channel: 'email', contactPoint: 'robin@example.com', subject: 'Your debt' };
    const { reported } = await tell(await addCase(api), { ...sms, ...email });
    expect(reported.breach?.rules).toEqual(['HOUSE-NEUTRAL-SUBJECT']);
  });
});

describe('a report that cannot hold words', () => {
  const call = { channel: 'call', at: letter.at, contactPoint: phone, outcome: 'no-answer' };
  it.each<[string, object, string]>([
    ['a text of no known language', { ...letter, ...words, language: undefined }, 'language'],
    ['a text in a language that the rules do not know', { ...letter, ...words, language: 'de' }, 'language'],
    ['a subject without a text', { ...letter, subject: 'Your loan' }, 'body'],
    ['tags without a text', { ...letter, tags: ['CARD_LETTER'] }, 'body'],
    ['an empty text', { ...letter, ...words, body: ' \n' }, 'body'],
    ['a text that cannot be stored', { ...letter, ...words, body: 'Example Bank\u0000' }, 'body'],
    ['a text that is too long', { ...letter, ...words, body: 'x'.repeat(20_001) }, 'body'],
    ['an SMS that nobody could send', { ...sms, body: 'x'.repeat(1601) }, 'body'],
    ['an SMS with a subject', { ...sms, subject: 'Hello' }, 'subject'],
    ['an SMS with an outcome', { ...sms, outcome: 'no-answer' }, 'outcome'],
    ['an SMS that the borrower wrote', { channel: 'sms', at: letter.at, direction: 'inbound' }, 'direction'],
    ['a call with a text', { ...call, body: words.body, language: 'en' }, 'body'],
    ['a letter of the borrower with a text', { ...letter, ...words, direction: 'inbound' }, 'body'],
    ['an unknown tag', { ...letter, ...words, tags: ['NICE'] }, 'tags.0'],
  ])('such as %s is refused', async (_what, report, field) => {
    expect((await tell(await addCase(api), report)).body).toMatchObject({ type: 'urn:arrears:InputInvalid', field });
  });
});
