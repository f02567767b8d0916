import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseOf, storyOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, open, pay } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

describe('a loan that is paid after the first reminder', () => {
  it('is reminded once, and its case closes when the payment clears the arrears', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
    await open(service, loanId);
    await service.forward(1);
    expect(service.providers.outbox.list({ to: borrower.phone, limit: 10 })).toHaveLength(1);

    await pay(service, loanId, { amountMinor: 100_000 });
    const closed = await eventually(
      () => caseOf(service, loanId),
      ({ status }) => status === 'closed',
    );
    expect(closed.closeReason).toBe('arrears-cleared');

    await service.forward(30);
    expect(service.providers.outbox.list({ to: borrower.phone, limit: 10 })).toHaveLength(1);
    expect(await storyOf(service, loanId)).toEqual([
      'opened',
      'contact-made reminder/day-1-sms',
      'closed arrears-cleared',
    ]);
  });
});
