import { Query } from 'pg';
import { z } from 'zod';

import { LoanColumns } from '../domain/book/loan-columns';
import { type Day, dayNumber } from '../domain/day';
import type { Queryable } from './database';
import { many, one } from './rows';

/** Loans of a book: ids after `afterId` up to `lastId`, or those that are named. */
export type Slice = { readonly afterId: string; readonly lastId: string } | { readonly loanIds: readonly string[] };

/** A loan that was paid out by the day, with its contract and its payments up to the day, packed for a `ColumnsReader`. */
export interface BookLoan {
  readonly loanId: string;
  readonly currency: string;
  readonly product: string;
  /** Null where the loan has no instalments. */
  readonly due: string | null;
  readonly paid: string | null;
  /** Something undid a payment: ask for the loan by its id. Never true of loans that are named. */
  readonly isUndone: boolean;
}

type BookRow = [string, string, string, string | null, string | null, string];
// As the database writes them: a buffer per value would be millions of buffers.
const asText = { getTypeParser: () => (text: string) => text };

// Packed, because a value per loan is read many times faster than a row per instalment.
function selectBook(filter: (column: string) => string, payments: string): string {
  return `
    select l.loan_id, l.currency, l.product, i.due, p.paid, coalesce(p.undone, false)
    from loan l
    left join (
      select i.loan_id, string_agg(date_send(i.due_on)
          || int8send(i.principal_minor + i.interest_minor + i.fee_minor + i.penalty_minor) || int8send(i.principal_minor),
          '' order by i.schedule_no, i.instalment_no) as due
      from instalment i where ${filter('i.loan_id')} group by i.loan_id) i using (loan_id)
    left join (
      select p.loan_id, string_agg(date_send(p.value_on) || int8send(p.amount_minor), '' order by p.value_on) as paid,
        bool_or(p.kind <> 'payment') as undone
      from payment p where ${filter('p.loan_id')} and ${payments} group by p.loan_id) p using (loan_id)
    where ${filter('l.loan_id')} and l.disbursed_on <= $1`;
}

const inRange = (column: string): string => `${column} > $2 and ${column} <= $3`;
const named = (column: string): string => `${column} = any($2)`;
const selectRange = selectBook(inRange, `(p.value_on <= $1 or p.kind <> 'payment')`);
const selectNamed = selectBook(
  named,
  `p.value_on <= $1 and p.kind = 'payment' and not exists (select from payment u where u.reverses = p.payment_id)`,
);

/**
 * Hands over each loan of the slice that had been paid out by a day, as it comes from the database: the next ones are packed
 * meanwhile, and none waits in memory for the others.
 */
export async function eachBookLoan(
  db: Queryable,
  asOf: Day,
  slice: Slice,
  take: (loan: BookLoan) => void,
): Promise<void> {
  const query =
    'loanIds' in slice
      ? { name: 'book-loans-named', text: selectNamed, values: [asOf, slice.loanIds] }
      : { name: 'book-loans', text: selectRange, values: [asOf, slice.afterId, slice.lastId] };
  const config = { ...query, rowMode: 'array', types: asText };
  await new Promise<void>((resolve, reject) => {
    // What is thrown while a row is handed over would be lost in the connection: it is kept until the rows have ended.
    let failure: Error | null = null;
    const rows = new Query<BookRow>(config);
    rows.on('row', ([loanId, currency, product, due, paid, undone]) => {
      if (failure !== null) return;
      try {
        take({ loanId, currency, product, due, paid, isUndone: undone === 't' });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
    });
    rows.on('end', () => {
      if (failure === null) resolve();
      else reject(failure);
    });
    rows.on('error', reject);
    db.query(rows);
  });
}

const packedEpoch = dayNumber('2000-01-01');
const instalmentBytes = 20;
const paymentBytes = 12;

/** Unpacks loans, one after the other, into columns of its own. */
export class ColumnsReader {
  readonly columns = new LoanColumns();
  private bytes = Buffer.alloc(16_384);
  private view = viewOf(this.bytes);

  read({ due, paid }: BookLoan): LoanColumns {
    const { columns } = this;
    columns.clear();
    for (let [at, end] = [0, this.unpack(due)]; at < end; at += instalmentBytes) {
      columns.addInstalment(this.dayAt(at), this.minorAt(at + 4), this.minorAt(at + 12));
    }
    for (let [at, end] = [0, this.unpack(paid)]; at < end; at += paymentBytes) {
      columns.addPayment(this.dayAt(at), this.minorAt(at + 4));
    }
    return columns;
  }

  /** Fills the bytes from `\x…`; answers how many there are. */
  private unpack(packed: string | null): number {
    if (packed === null) return 0;
    if (packed.length > 2 * this.bytes.length) {
      this.bytes = Buffer.alloc(packed.length);
      this.view = viewOf(this.bytes);
    }
    return this.bytes.write(packed.slice(2), 'hex');
  }

  private dayAt(at: number): number {
    return packedEpoch + this.view.getInt32(at);
  }

  private minorAt(at: number): number {
    return this.view.getInt32(at) * 4_294_967_296 + this.view.getUint32(at + 4);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** What makes a loan more than its contract and payments, or takes it from the book. */
export interface BookException {
  /** It has another schedule, a settlement or a waiver: only the full rules say how it stands. */
  readonly needsAllFacts: boolean;
  readonly sold: boolean;
  readonly writtenOff: boolean;
}

const exceptionRow = z.object({
  loanId: z.string(),
  needsAllFacts: z.boolean(),
  sold: z.boolean(),
  writtenOff: z.boolean(),
});

// A sale counts from its day on, a write-off from its approval on; one that was undone never was.
function selectExceptions(filter: (column: string) => string): string {
  return `
    select loan_id as "loanId", bool_or(why = 'facts') as "needsAllFacts", bool_or(why = 'sold') as sold,
      bool_or(why = 'written-off') as "writtenOff"
    from (
      select s.loan_id, 'facts' as why from schedule s where ${filter('s.loan_id')} and s.schedule_no > 1
      union all
      select a.loan_id, 'facts' from arrangement a
      where ${filter('a.loan_id')} and a.kind = 'settlement' and a.effective_from is not null and a.cancelled_on is null
      union all
      select w.loan_id, 'facts' from granted_waiver w where ${filter('w.loan_id')}
      union all
      select s.loan_id, 'sold' from sold_loan join sale s using (sale_id)
      where ${filter('s.loan_id')} and s.sale_day <= $1
      union all
      select w.loan_id, 'written-off' from written_off_loan w where ${filter('w.loan_id')} and w.on_day <= $1) found
    group by loan_id`;
}

const exceptionsInRange = selectExceptions(inRange);
const exceptionsNamed = selectExceptions(named);

/** The exceptions of the slice by loan id. */
export async function bookExceptions(db: Queryable, asOf: Day, slice: Slice): Promise<Map<string, BookException>> {
  const [statement, values] =
    'loanIds' in slice
      ? [{ name: 'book-exceptions-named', text: exceptionsNamed }, [asOf, slice.loanIds]]
      : [{ name: 'book-exceptions', text: exceptionsInRange }, [asOf, slice.afterId, slice.lastId]];
  const rows = await many(db, exceptionRow, statement, values);
  return new Map(rows.map(({ loanId, ...exception }) => [loanId, exception]));
}

/** The `size`th id after `afterId`, the last one where fewer are left; null where none is. */
export async function nextLoanId(db: Queryable, afterId: string, size: number): Promise<string | null> {
  const text = `select max(loan_id) as "lastId"
    from (select loan_id from loan where loan_id > $1 order by loan_id limit $2) batch`;
  const row = z.object({ lastId: z.string().nullable() });
  return (await one(db, row, { name: 'book-next', text }, [afterId, size])).lastId;
}

/** The day on which the first loan of all was paid out; null where there is none. */
export async function firstDisbursedDay(db: Queryable): Promise<Day | null> {
  const row = z.object({ day: z.string().nullable() });
  return (await one(db, row, 'select min(disbursed_on) as day from loan')).day;
}

/** Of the customers of these loans, those that have another loan too. */
export async function customersWithOthers(db: Queryable, loanIds: readonly string[]): Promise<string[]> {
  const text = `select distinct l.customer_id as "customerId" from loan l
    where l.loan_id = any($1)
      and exists (select from loan o where o.customer_id = l.customer_id and o.loan_id <> l.loan_id)`;
  const rows = await many(db, z.object({ customerId: z.string() }), text, [loanIds]);
  return rows.map(({ customerId }) => customerId);
}

/** The loans of each of these customers. */
export async function loansOfCustomers(db: Queryable, customerIds: readonly string[]): Promise<string[][]> {
  const text = `select array_agg(loan_id order by loan_id) as "loanIds" from loan
    where customer_id = any($1) group by customer_id`;
  const rows = await many(db, z.object({ loanIds: z.array(z.string()) }), text, [customerIds]);
  return rows.map(({ loanIds }) => loanIds);
}

// Any fixed number that no other lock of the database has.
const bookLock = 8_210_005;

/**
 * Makes the transaction, which has done nothing yet, one that only reads and sees one state of the database, and answers
 * the snapshot that others may adopt; null while another transaction holds the book.
 */
export async function openBook(db: Queryable): Promise<string | null> {
  await db.query('set transaction isolation level repeatable read, read only');
  const row = z.object({ taken: z.boolean(), snapshot: z.string() });
  const text = 'select pg_try_advisory_xact_lock($1) as taken, pg_export_snapshot() as snapshot';
  const { taken, snapshot } = await one(db, row, text, [bookLock]);
  return taken ? snapshot : null;
}

/** Makes the transaction see what the one sees that exported the snapshot. */
export async function joinBook(db: Queryable, snapshot: string): Promise<void> {
  await db.query('set transaction isolation level repeatable read, read only');
  // A statement without parameters. The name comes from the database itself: hexadecimal digits and hyphens.
  await db.query(`set transaction snapshot '${snapshot}'`);
}
