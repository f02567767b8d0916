import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { inPieces, type Portfolio } from './intake-rows';

/** A `COPY` command and the bytes that it takes: CSV without a header, an empty field being null. */
export interface CopyFile {
  readonly command: string;
  readonly pieces: readonly Buffer[];
}

/** The rows that the import would store for the portfolio, for every table that it writes to. */
export function copyFiles({ customers, loans, instalments, payments }: Portfolio): CopyFile[] {
  const points = customers.flatMap(([id = '', , , , phone = '', email = '']) => [
    [id, 'phone', phone, '1'],
    [id, 'email', email, '1'],
  ]);
  const schedules = loans.map(([loanId = '', , , , , disbursedOn = '']) => [loanId, '1', disbursedOn]);
  const instalmentColumns = 'instalment_no, due_on, principal_minor, interest_minor, fee_minor, penalty_minor';
  const payment = 'payment_id, loan_id, kind, amount_minor, currency, value_on, reverses';
  const loan = 'loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch';
  return [
    copyFile(
      'customer (customer_id, name, language, timezone)',
      customers.map((cells) => cells.slice(0, 4)),
    ),
    copyFile('contact_point (customer_id, kind, value, rank)', points),
    copyFile(`loan (${loan})`, loans),
    copyFile('schedule (loan_id, schedule_no, effective_from)', schedules),
    copyFile(`instalment (loan_id, ${instalmentColumns})`, instalments),
    copyFile(`payment (${payment})`, payments),
  ];
}

function copyFile(target: string, rows: readonly (readonly string[])[]): CopyFile {
  const bytes = Buffer.from(`${rows.map((cells) => cells.join(',')).join('\n')}\n`);
  return { command: `copy ${target} from stdin (format csv)`, pieces: inPieces(bytes) };
}

/** The bare way: one connection, one `COPY` after the other, nothing checked but by the tables themselves. */
export async function copyAll(databaseUrl: string, files: readonly CopyFile[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const { command, pieces } of files) {
      await pipeline(Readable.from(pieces, { objectMode: false }), client.query(copyFrom(command)));
    }
  } finally {
    await client.end();
  }
}
