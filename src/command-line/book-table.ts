import type { BookAsOf } from '../cases/read-book';
import type { BookFigures, BookSums, OwedSums } from '../domain/book/book';
import { formatMoney } from '../domain/money';

type Row = readonly string[];

/** A book as text for a terminal: a table per currency. */
export function sayBook({ asOf, policyId, policyVersion, currencies, products }: BookAsOf): string {
  const head = `Book as of ${asOf}, by policy ${policyId} ${policyVersion}`;
  const tables = currencies.map(({ currency, ...figures }) => {
    const ofCurrency = products.filter((one) => one.currency === currency);
    return inColumns([
      [currency, 'loans', 'outstanding', 'overdue', 'provision'],
      ...rowsOf(figures, currency),
      ...ofCurrency.map(({ product, total }) => sumsRow(`product ${product}`, total, currency)),
    ]);
  });
  return [head, ...(tables.length === 0 ? ['There are no loans.'] : tables)].join('\n\n');
}

function rowsOf(figures: BookFigures, currency: string): Row[] {
  return [
    sumsRow('total', figures.total, currency),
    ...figures.buckets.map(({ bucket, ...sums }) => sumsRow(`bucket ${bucket}`, sums, currency)),
    ...figures.classes.map(({ class: name, ...sums }) => sumsRow(`class ${name}`, sums, currency)),
    sumsRow('non-performing', figures.nonPerforming, currency),
    sumsRow('non-accrual', figures.nonAccrual, currency),
    owedRow('written off', figures.writtenOff, currency),
    owedRow('sold', figures.sold, currency),
    ['paid off', String(figures.paidOffLoans)],
  ];
}

function sumsRow(name: string, sums: Readonly<BookSums>, currency: string): Row {
  return [...owedRow(name, sums, currency), formatMoney(sums.provisionMinor, currency, 'en')];
}

function owedRow(name: string, { loans, outstandingMinor, overdueMinor }: Readonly<OwedSums>, currency: string): Row {
  return [
    name,
    String(loans),
    formatMoney(outstandingMinor, currency, 'en'),
    formatMoney(overdueMinor, currency, 'en'),
  ];
}

function inColumns(rows: readonly Row[]): string {
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n');
}
