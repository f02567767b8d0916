import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contentHash } from '../../src/policy/stable-json';
import { publishPolicy } from '../../src/store/policies';
import { contactsOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, open } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

describe('a message that is sent', () => {
  it.each([
    [1, 'sms'],
    [4, 'email'],
  ] as const)('is on record word for word as it went out, with its hash: %s days, %s', async (dueDaysAgo, channel) => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo });
    await open(service, loanId);
    await service.settle();
    const [contact] = await contactsOf(service, loanId);
    const [sent] = messagesTo(service, borrower);
    expect(contact).toMatchObject({ channel, state: 'placed' });
    expect(sent?.body.trim()).toBe(contact?.body);
    expect(sent?.subject).toBe(contact?.subject);
    expect(contact?.body).not.toContain('{{');
    const content = JSON.stringify([contact?.subject, contact?.body]);
    expect(contact?.contentHash).toBe(createHash('sha256').update(content).digest('hex'));
  });
});

describe('a text that breaks a rule of content at the moment of sending', () => {
  it('is not sent, and the refusal is on record with its rules and the text, whoever published it', async () => {
    const { desk } = service;
    // Published before the rule was in force, or past the check: the gate reads the text itself.
    const { policy, templates } = await desk.policies.latest(desk.pool, desk.policyId);
    const sms = { zh: '【{{ bank.name }}】报警。回复TD退订', en: '{{ bank.name }}: we call the police. Reply STOP.' };
    const document = {
      ...{ format: 1, policy: { ...policy, version: '2099.1' } },
      templates: { ...templates, 'first-reminder': { ...templates['first-reminder'], sms } },
    };
    const published = { policyId: 'retail', version: '2099.1', contentHash: contentHash(document), document };
    await publishPolicy(desk.pool, { ...published, publishedBy: 'test' });

    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
    await open(service, loanId);
    await service.settle();
    expect(messagesTo(service, borrower)).toEqual([]);
    expect(await contactsOf(service, loanId)).toEqual([]);
    const rules = ['HOUSE-NO-THREATS', 'CN-IDENTIFY-BANNED'];
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    expect(denied?.data['rules']).toEqual(rules);
    expect(denied?.reason).toContain('must not say "police"');
    const { rows } = await desk.pool.query('select rules, evidence from contact_decision where loan_id = $1', [loanId]);
    expect(rows).toMatchObject([
      { rules, evidence: { text: { body: expect.stringContaining('we call the police') } } },
    ]);
  });
});
