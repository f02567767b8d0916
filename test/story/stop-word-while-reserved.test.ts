import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { createPool } from '../../src/store/database';
import { contactsOf, eventsOf, messagesTo, storyOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type ListeningService, startListeningService } from '../support/listening-service';
import { addBorrower, addLoan, type Borrower, open } from '../support/portfolio';

let service: ListeningService;
/** What happens between a reservation and the transaction that hands it over. */
let meanwhile: (() => Promise<unknown>) | null = null;

beforeAll(async () => {
  service = await startListeningService({
    worker: {
      // eslint-disable-next-line @typescript-eslint/require-await -- what the story asks for is asynchronous
      async pool(url, direct) {
        const pool = createPool(url, { applicationName: 'arrears-test-worker' });
        const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
        const slowly = async (): Promise<PoolClient> => {
          if (meanwhile !== null && (await isReserved(direct))) {
            const act = meanwhile;
            meanwhile = null;
            await act();
          }
          return connect();
        };
        return Object.assign<Pool, object>(pool, { connect: slowly });
      },
    },
  });
});
afterAll(() => service.close());

async function isReserved(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(`select from contact where state = 'reserved'`);
  return rowCount !== 0;
}

async function remindWhile(act: (borrower: Borrower, loanId: string) => Promise<unknown>) {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  let acted = false;
  meanwhile = async () => {
    await act(borrower, loanId);
    acted = true;
  };
  await open(service, loanId);
  await service.settle();
  expect(acted).toBe(true);
  return { borrower, loanId };
}

const reminders = (borrower: Borrower) =>
  messagesTo(service, borrower).filter(({ body }) => body.includes('have not yet received'));

describe('while a message is reserved and not yet handed over', () => {
  it('a stop word stops it, with the rules on the timeline, and only the opt-out is confirmed', async () => {
    const { borrower, loanId } = await remindWhile((person) => service.write(person, 'STOP'));
    expect(reminders(borrower)).toEqual([]);
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    expect(denied?.data).toMatchObject({ step: 'reminder/day-1-sms', rules: ['HOUSE-OPT-OUT', 'CN-PRIVACY-QUIET'] });
    const contacts = await eventually(
      () => contactsOf(service, loanId),
      (found) => found.some(({ state }) => state === 'delivered' || state === 'placed'),
    );
    expect(contacts.map(({ purpose, state }) => `${purpose} ${state}`)[0]).toBe('reminder denied');
    expect(messagesTo(service, borrower)).toHaveLength(1);
    expect(contacts[1]).toMatchObject({ purpose: 'opt-out-confirm', contactPoint: borrower.phone });
  });

  it('words that may be an opt-out stop it too', async () => {
    const { borrower, loanId } = await remindWhile((person) => service.write(person, "please don't text me any more"));
    expect(messagesTo(service, borrower)).toEqual([]);
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    expect(denied?.data).toMatchObject({ rules: ['HOUSE-OPT-OUT-REVIEW'] });
  });

  it('a flag stops it', async () => {
    const { borrower, loanId } = await remindWhile(({ customerId }) =>
      service.desk.pool.query(
        `insert into contact_flag (customer_id, flag, from_at, evidence, actor)
         values ($1, 'cease', '2026-01-01', 'a letter', 'clerk')`,
        [customerId],
      ),
    );
    expect(messagesTo(service, borrower)).toEqual([]);
    expect(await storyOf(service, loanId)).toContain('contact-denied reminder/day-1-sms');
  });

  it('a number that is found to be wrong stops it', async () => {
    const { borrower, loanId } = await remindWhile(({ customerId }) =>
      service.desk.pool.query(
        `update contact_point set state = 'reassigned' where customer_id = $1 and kind = 'phone'`,
        [customerId],
      ),
    );
    expect(messagesTo(service, borrower)).toEqual([]);
    expect(await storyOf(service, loanId)).toContain('contact-denied reminder/day-1-sms');
  });

  it('nothing else stops it', async () => {
    const { borrower } = await remindWhile(() => Promise.resolve());
    expect(reminders(borrower)).toHaveLength(1);
  });
});
