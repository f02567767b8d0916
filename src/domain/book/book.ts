import { classAt } from '../classification/classify';
import type { Bucket } from '../delinquency';
import { perMilleOf } from '../money';
import type { BookRules, LoanFigures } from './loan-figures';

/** Sums over loans. Money in minor units of their currency. */
export interface OwedSums {
  loans: number;
  /** All that is unpaid, due or not. */
  outstandingMinor: number;
  /** What fell due before the day and is unpaid, tolerated or not. */
  overdueMinor: number;
}

export interface BookSums extends OwedSums {
  /** The outstanding principal, due or not. */
  provisionBaseMinor: number;
  /** The sum of the provisions of the loans, each rounded by itself. */
  provisionMinor: number;
}

/** Some loans of a book. What is written off, sold or paid off is in no other figure than its own. */
export interface BookFigures {
  readonly total: Readonly<BookSums>;
  readonly buckets: readonly (Readonly<BookSums> & { readonly bucket: string })[];
  /** Empty where nothing is classified. */
  readonly classes: readonly (Readonly<BookSums> & { readonly class: string })[];
  /** The classes that are bad debts. */
  readonly nonPerforming: Readonly<BookSums>;
  /** The classes of which interest is no longer income. */
  readonly nonAccrual: Readonly<BookSums>;
  readonly writtenOff: Readonly<OwedSums>;
  readonly sold: Readonly<OwedSums>;
  /** How many had nothing to pay any more. */
  readonly paidOffLoans: number;
}

/** How all loans stand on a day, by currency and by product of a currency. */
export interface Book {
  readonly currencies: readonly (BookFigures & { readonly currency: string })[];
  readonly products: readonly (BookFigures & { readonly currency: string; readonly product: string })[];
}

/** What a loan is counted under, and how it left the book if it did. */
export interface BookPlace {
  readonly currency: string;
  readonly product: string;
  readonly ending: 'written-off' | 'sold' | null;
}

/** Adds loans to a book, one by one and in any order. */
export class BookKeeper {
  private readonly pages = new Map<string, Map<string, Page>>();
  private readonly buckets: readonly Bucket[];

  /** @throws RangeError where no bucket takes a loan that is not overdue. */
  constructor(private readonly rules: BookRules) {
    this.buckets = [...rules.delinquency.buckets].sort((a, b) => a.fromDpd - b.fromDpd);
    if (this.buckets[0]?.fromDpd !== 0) throw new RangeError('no bucket takes a loan that is not overdue');
  }

  add(place: BookPlace, figures: LoanFigures): void {
    const page = this.pageOf(place);
    if (place.ending !== null) addOwed(place.ending === 'sold' ? page.sold : page.writtenOff, figures, 1);
    else if (figures.outstandingMinor === 0) page.paidOffLoans += 1;
    else this.count(page, figures, figures.rank, 1);
  }

  /** A loan that was added under its own class belongs to another, because of the customer's other loans. */
  move(place: BookPlace, figures: LoanFigures, rank: number): void {
    if (place.ending !== null || figures.outstandingMinor === 0) return;
    const page = this.pageOf(place);
    this.count(page, figures, figures.rank, -1);
    this.count(page, figures, rank, 1);
  }

  close(): Book {
    const sorted = [...this.pages].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      currencies: sorted.map(([currency, products]) => ({ currency, ...this.sumUp([...products.values()]) })),
      products: sorted.flatMap(([currency, products]) =>
        [...products]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([product, page]) => ({ currency, product, ...this.sumUp([page]) })),
      ),
    };
  }

  private count(page: Page, figures: LoanFigures, rank: number, times: 1 | -1): void {
    const { classification } = this.rules;
    const perMille = classification === null ? 0 : classAt(classification, rank).provisionPerMille;
    const provisionMinor = perMilleOf(figures.outstandingPrincipalMinor, perMille);
    const level = this.buckets.findLastIndex(({ fromDpd }) => fromDpd <= figures.rawDpd);
    addTo(page.buckets[level], figures, provisionMinor, times);
    addTo(page.classes[rank], figures, provisionMinor, times);
  }

  private pageOf({ currency, product }: BookPlace): Page {
    let products = this.pages.get(currency);
    if (products === undefined) this.pages.set(currency, (products = new Map<string, Page>()));
    let page = products.get(product);
    if (page === undefined) products.set(product, (page = this.newPage()));
    return page;
  }

  private newPage(): Page {
    const classes = this.rules.classification?.classes ?? [];
    return {
      buckets: this.buckets.map(noSums),
      classes: classes.map(noSums),
      writtenOff: noOwed(),
      sold: noOwed(),
      paidOffLoans: 0,
    };
  }

  private sumUp(pages: readonly Page[]): BookFigures {
    const classes = this.rules.classification?.classes ?? [];
    const buckets = this.buckets.map((_, level) => total(pages.map((page) => page.buckets[level])));
    const byClass = classes.map((_, rank) => total(pages.map((page) => page.classes[rank])));
    return {
      total: total(buckets),
      buckets: buckets.map((sums, level) => ({ bucket: this.buckets[level]?.name ?? '', ...sums })),
      classes: byClass.map((sums, rank) => ({ class: classes[rank]?.name ?? '', ...sums })),
      nonPerforming: total(byClass.filter((_, rank) => classes[rank]?.nonPerforming === true)),
      nonAccrual: total(byClass.filter((_, rank) => classes[rank]?.nonAccrual === true)),
      writtenOff: totalOwed(pages.map(({ writtenOff }) => writtenOff)),
      sold: totalOwed(pages.map(({ sold }) => sold)),
      paidOffLoans: pages.reduce((sum, { paidOffLoans }) => sum + paidOffLoans, 0),
    };
  }
}

/** The loans of one product in one currency. Buckets and classes hold the same loans, sorted in two ways. */
interface Page {
  readonly buckets: readonly BookSums[];
  readonly classes: readonly BookSums[];
  readonly writtenOff: OwedSums;
  readonly sold: OwedSums;
  paidOffLoans: number;
}

function noOwed(): OwedSums {
  return { loans: 0, outstandingMinor: 0, overdueMinor: 0 };
}

function noSums(): BookSums {
  return { ...noOwed(), provisionBaseMinor: 0, provisionMinor: 0 };
}

function addOwed(sums: OwedSums, figures: LoanFigures, times: number): void {
  sums.loans += times;
  sums.outstandingMinor += times * figures.outstandingMinor;
  sums.overdueMinor += times * figures.overdueMinor;
}

function addTo(sums: BookSums | undefined, figures: LoanFigures, provisionMinor: number, times: number): void {
  if (sums === undefined) return;
  addOwed(sums, figures, times);
  sums.provisionBaseMinor += times * figures.outstandingPrincipalMinor;
  sums.provisionMinor += times * provisionMinor;
}

function total(list: readonly (Readonly<BookSums> | undefined)[]): BookSums {
  const sums = noSums();
  for (const one of list) {
    if (one === undefined) continue;
    for (const name of Object.keys(sums) as (keyof BookSums)[]) sums[name] += one[name];
  }
  requireExact(sums.outstandingMinor);
  return sums;
}

function totalOwed(list: readonly Readonly<OwedSums>[]): OwedSums {
  const sums = noOwed();
  for (const one of list) for (const name of Object.keys(sums) as (keyof OwedSums)[]) sums[name] += one[name];
  requireExact(sums.outstandingMinor);
  return sums;
}

// The other sums are smaller.
function requireExact(minor: number): void {
  if (!Number.isSafeInteger(minor)) throw new RangeError('the book is beyond the integers that a number holds');
}
