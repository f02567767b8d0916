import type { Command } from 'commander';
import type { BookAsOf } from '../cases/read-book';
import { sayBook } from './book-table';
import type { ServiceClient } from './http-client';

/** How all loans stand, asked of a running service. */
export function addBookCommand(program: Command, connect: () => ServiceClient): void {
  program
    .command('book')
    .description('how all loans stand on a day: buckets, classes of risk, provisions, by currency and product')
    .option('--as-of <day>', 'the day, YYYY-MM-DD; default: the bank’s today')
    .option('--json', 'as the API answers it, amounts in minor units', false)
    .action(async ({ asOf, json }: { asOf?: string; json: boolean }) => {
      const query = asOf === undefined ? '' : `?${new URLSearchParams({ asOf }).toString()}`;
      const book = (await connect().get(`/book${query}`)) as BookAsOf;
      console.log(json ? JSON.stringify(book, null, 2) : sayBook(book));
    });
}
