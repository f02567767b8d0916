import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { createPool } from '../../src/store/database';
import { caseOf, closedCaseOf, datedStoryOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

// The worker reaches PostgreSQL and Temporal over lines that can be cut; whoever pays and looks has lines of their own.
let database: TcpProxy;
let temporal: TcpProxy;
let service: CaseService;
let borrower: Borrower;
let loanId: string;
let dueDay: Day;

beforeAll(async () => {
  service = await startCaseService({
    worker: {
      async pool(databaseUrl) {
        const url = new URL(databaseUrl);
        database = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
        url.hostname = '127.0.0.1';
        url.port = String(database.port);
        return createPool(url.href, { applicationName: 'arrears-cut-off', max: 10 });
      },
      async temporal(address) {
        const [host = '', port = ''] = address.split(':');
        temporal = await startTcpProxy({ host, port: Number(port) });
        return `127.0.0.1:${temporal.port}`;
      },
    },
  });
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 0 });
  dueDay = await bankToday(service);
  await service.forward(0.8); // in the morning of day 1, before contacts are made
  await open(service, loanId);
  await service.settle();
});
afterAll(async () => {
  await service.close();
  await database.close();
  await temporal.close();
});

describe('a case whose database goes away for longer than a minute and comes back', () => {
  it('tries on, misses nothing and does nothing twice', async () => {
    expect(messagesTo(service, borrower)).toEqual([]);
    database.cut();
    const moved = service.forward(4);
    // Each attempt waits longer than the last: the sixth comes more than half a minute of the case's time after the first.
    await eventually(database.cutOff, (count) => count > 7);
    expect(messagesTo(service, borrower)).toEqual([]);
    database.mend();
    await moved;
    expect((await datedStoryOf(service, loanId, dueDay)).slice(1)).toEqual([
      '1: contact-made reminder/day-1-sms',
      '4: contact-made reminder/day-4-email',
    ]);
    expect(messagesTo(service, borrower)).toHaveLength(2);
  });
});

describe('a case whose worker loses Temporal and finds it again', () => {
  it('hears then of the payment that came meanwhile', async () => {
    temporal.cut();
    await pay(service, loanId, { amountMinor: 100_000 });
    await eventually(temporal.cutOff, (count) => count > 5);
    expect((await caseOf(service, loanId)).status).toBe('open');
    temporal.mend();
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect(messagesTo(service, borrower)).toHaveLength(2);
    expect((await bankToday(service)) >= addDays(dueDay, 4)).toBe(true);
  });
});
