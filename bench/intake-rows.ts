import { addDays } from '../src/domain/day';
import { demoCustomer, peopleMax } from '../src/intake/demo-people';
import { columnsOf, type ImportKind, importKinds } from '../src/intake/import-kinds';

/** A portfolio of invented people, as cells in the order of the import's columns. Empty text is no value. */
export type Portfolio = Readonly<Record<ImportKind, readonly (readonly string[])[]>>;

const customers = 20_000;
const loansEach = 2;
const instalmentsEach = 3;
const firstDay = '2026-01-05';

export function generatePortfolio(): Portfolio {
  const portfolio: Record<ImportKind, string[][]> = { customers: [], loans: [], instalments: [], payments: [] };
  for (let person = 0; person < customers; person += 1) {
    const customerId = `C-${person}`;
    const { name, language, timezone, phone, email } = demoCustomer(customerId, person % peopleMax);
    portfolio.customers.push([customerId, name, language, timezone, phone ?? '', email ?? '']);
    for (let loan = 0; loan < loansEach; loan += 1) addLoan(portfolio, customerId, `L-${person}-${loan}`, person);
  }
  return portfolio;
}

function addLoan(portfolio: Record<ImportKind, string[][]>, customerId: string, loanId: string, seed: number): void {
  const tier = ['low', 'medium', 'high'][seed % 3] ?? 'low';
  portfolio.loans.push([loanId, customerId, 'personal', 'CNY', '3600000', firstDay, tier, `BR-${seed % 40}`]);
  for (let no = 1; no <= instalmentsEach; no += 1) {
    const dueDay = addDays(firstDay, no * 30 + (seed % 28));
    portfolio.instalments.push([loanId, String(no), dueDay, '1200000', '14400', '0', '0']);
  }
  const paidDay = addDays(firstDay, 30 + (seed % 28));
  portfolio.payments.push([`P-${loanId}`, loanId, 'payment', '1214400', 'CNY', paidDay, '']);
}

export function rowsIn(portfolio: Portfolio): number {
  return importKinds.reduce((sum, kind) => sum + portfolio[kind].length, 0);
}

/** The portfolio as four CSV files, in pieces of the size in which files are read. */
export function csvPieces(portfolio: Portfolio, kind: ImportKind): Buffer[] {
  const header = columnsOf[kind].map(({ name }) => name).join(',');
  const bytes = Buffer.from(`${[header, ...portfolio[kind].map((cells) => cells.join(','))].join('\n')}\n`);
  return inPieces(bytes);
}

export function inPieces(bytes: Buffer, pieceBytes = 65_536): Buffer[] {
  const pieces = Math.ceil(bytes.length / pieceBytes);
  return Array.from({ length: pieces }, (_, at) => bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes));
}
