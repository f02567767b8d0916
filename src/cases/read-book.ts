import type { Pool } from 'pg';
import { type Book, BookKeeper, type BookPlace } from '../domain/book/book';
import { type BookRules, figuresOf, holdsOthers, type LoanFigures, rankAmong } from '../domain/book/loan-figures';
import { allowsPlain, plainFigures } from '../domain/book/plain-figures';
import { type Day, dayNumber } from '../domain/day';
import { Refusal } from '../domain/refusal';
import {
  type BookException,
  bookExceptions,
  type BookLoan,
  ColumnsReader,
  customersWithOthers,
  eachBookLoan,
  firstDisbursedDay,
  joinBook,
  loansOfCustomers,
  nextLoanId,
  openBook,
  type Slice,
} from '../store/book-loans';
import { inTransaction, type Queryable } from '../store/database';
import { loadLoanFactsOf } from '../store/loan-facts';
import type { Desk } from './desk';
import { delinquencyRules } from './read-facts';

/** How many connections read at once. One more holds the snapshot. */
const readers = 2;
/** Each slice is asked for several times, whatever its size: larger ones cost less, and no row waits for its slice. */
const batchSize = 4_000;
/** Loans that need all their facts are parsed so many at a time: others wait for this process meanwhile. */
const factsAtOnce = 50;
const customersAtOnce = 1_000;

export interface BookAsOf extends Book {
  readonly asOf: Day;
  /** By which all loans were judged, whichever version their cases are pinned to. */
  readonly policyId: string;
  readonly policyVersion: string;
}

/**
 * How all loans stand on a day, the bank's today if none is named: by bucket, by class, by product, with provisions.
 * Recomputed from the facts as they are known now, in one snapshot of the database and a batch of loans at a time, so that
 * memory does not grow with the book but for the ids of bad debts. One at a time, in however many processes.
 * @throws Refusal InputInvalid for a day that has not come or lies before the first loan, RateLimited while another one is
 * made, Unavailable when `signal` says that nobody waits any more.
 */
export async function readBook(
  { pool, policies, policyId, clock }: Pick<Desk, 'pool' | 'policies' | 'policyId' | 'clock'>,
  asked?: Day,
  signal?: AbortSignal,
): Promise<BookAsOf> {
  const { policy, calendar } = await policies.latest(pool, policyId);
  const today = calendar.dayOf(await clock.nowMs());
  const asOf = asked ?? today;
  if (asOf > today) throw new Refusal('InputInvalid', `lies after the bank’s day, ${today}`, 'asOf');
  const rules = { delinquency: delinquencyRules(policy), classification: policy.classification };
  const book = await inTransaction(pool, async (db) => {
    const snapshot = await openBook(db);
    if (snapshot === null) throw new Refusal('RateLimited', 'another book is being made; ask again when it is done');
    const firstDay = await firstDisbursedDay(db);
    if (firstDay !== null && asOf < firstDay) {
      throw new Refusal('InputInvalid', `lies before ${firstDay}, on which the first loan was paid out`, 'asOf');
    }
    const maker = new BookMaker(rules, asOf, signal);
    await maker.addAll(pool, db, snapshot);
    await maker.lookAmongOthers(db);
    return maker.keeper.close();
  });
  return { asOf, policyId, policyVersion: policy.version, ...book };
}

interface CountedLoan {
  readonly loanId: string;
  readonly place: BookPlace;
  readonly figures: LoanFigures;
}

class BookMaker {
  readonly keeper: BookKeeper;
  private readonly day: number;
  private readonly isPlain: boolean;
  private readonly columns = new ColumnsReader();
  private readonly holding: string[] = [];

  constructor(
    private readonly rules: BookRules,
    private readonly asOf: Day,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.keeper = new BookKeeper(rules);
    this.day = dayNumber(asOf);
    this.isPlain = allowsPlain(rules);
  }

  /** Every loan by its own facts. While one batch is counted, the database works on others. */
  async addAll(pool: Pool, db: Queryable, snapshot: string): Promise<void> {
    let afterId = '';
    let hasFailed = false;
    let turn = Promise.resolve<Slice | null>(null);
    const next = (): Promise<Slice | null> => {
      turn = turn.then(async () => {
        this.requireWanted();
        const lastId = hasFailed ? null : await nextLoanId(db, afterId, batchSize);
        if (lastId === null) return null;
        const slice = { afterId, lastId };
        afterId = lastId;
        return slice;
      });
      return turn;
    };
    const read = async (reader: Queryable): Promise<void> => {
      await joinBook(reader, snapshot);
      for (let slice = await next(); slice !== null; slice = await next()) {
        await this.visit(reader, slice, (loan) => this.add(loan));
      }
    };
    const reading = Array.from({ length: readers }, () =>
      inTransaction(pool, read).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      }),
    );
    // The snapshot lives until the last of them is done with it.
    const failed = (await Promise.allSettled(reading)).find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** The loans of customers of whom another loan is, or lately was, a bad debt. */
  async lookAmongOthers(db: Queryable): Promise<void> {
    const customers = new Set<string>();
    for (const loanIds of inParts(this.holding, batchSize)) {
      for (const customerId of await customersWithOthers(db, loanIds)) customers.add(customerId);
    }
    for (const customerIds of inParts([...customers], customersAtOnce)) {
      this.requireWanted();
      const groups = await loansOfCustomers(db, customerIds);
      const found = new Map<string, CountedLoan>();
      for (const loanIds of inParts(groups.flat(), batchSize)) {
        await this.visit(db, { loanIds }, (loan) => found.set(loan.loanId, loan));
      }
      for (const loanIds of groups) this.moveAmong(loanIds.flatMap((loanId) => found.get(loanId) ?? []));
    }
  }

  private add({ loanId, place, figures }: CountedLoan): void {
    this.keeper.add(place, figures);
    if (holdsOthers(figures, this.day, this.rules)) this.holding.push(loanId);
  }

  private moveAmong(loans: readonly CountedLoan[]): void {
    for (const loan of loans) {
      const others = loans.filter((other) => other !== loan).map(({ figures }) => figures);
      const rank = rankAmong(loan.figures, others, this.day, this.rules);
      if (rank !== loan.figures.rank) this.keeper.move(loan.place, loan.figures, rank);
    }
  }

  /** Reads the loans of a slice, each in the cheapest way that its facts allow. */
  private async visit(db: Queryable, slice: Slice, take: (loan: CountedLoan) => void): Promise<void> {
    const exceptions = await bookExceptions(db, this.asOf, slice);
    const undone: string[] = [];
    const withFacts = new Map<string, BookPlace>();
    const takePlain = (loan: BookLoan): void => {
      const exception = exceptions.get(loan.loanId);
      const place = placeOf(loan, exception);
      if (this.isPlain && loan.isUndone) {
        undone.push(loan.loanId);
        return;
      }
      const isPlain = this.isPlain && exception?.needsAllFacts !== true && this.hasNormalOrder(place);
      const figures = isPlain ? plainFigures(this.columns.read(loan), this.day, this.rules) : null;
      if (figures === null) withFacts.set(loan.loanId, place);
      else take({ loanId: loan.loanId, place, figures });
    };
    await eachBookLoan(db, this.asOf, slice, takePlain);
    if (undone.length > 0) await eachBookLoan(db, this.asOf, { loanIds: undone }, takePlain);
    for (const loanIds of inParts([...withFacts.keys()], factsAtOnce)) {
      for (const facts of await loadLoanFactsOf(db, loanIds)) {
        const place = withFacts.get(facts.loanId);
        if (place === undefined || facts.schedules.length === 0) continue;
        take({ loanId: facts.loanId, place, figures: figuresOf(facts, this.asOf, this.rules) });
      }
    }
  }

  private hasNormalOrder({ ending }: BookPlace): boolean {
    return ending !== 'written-off' || this.rules.delinquency.order.writtenOff === undefined;
  }

  private requireWanted(): void {
    if (this.signal?.aborted === true) throw new Refusal('Unavailable', 'nobody waits for the book any more');
  }
}

function placeOf({ currency, product }: BookLoan, exception: BookException | undefined): BookPlace {
  const ending = exception?.sold === true ? 'sold' : exception?.writtenOff === true ? 'written-off' : null;
  return { currency, product, ending };
}

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
