import { createPublishedPolicies } from '../src/cases/published-policies';
import { readBook } from '../src/cases/read-book';
import { createPool } from '../src/store/database';
import { cheapestByLoan, cheapestSums } from './book-sql';

/** One round in a process of its own, so that its peak memory is its own: `ours`, `by-loan` or `sums`, a database, a day. */
async function main([what, databaseUrl = '', asOf = '']: readonly string[]): Promise<void> {
  const pool = createPool(databaseUrl, { applicationName: 'arrears-bench-book', statementTimeoutMs: 0 });
  const clock = { nowMs: () => Promise.resolve(Date.parse(`${asOf}T12:00:00Z`)) };
  const desk = { pool, policies: createPublishedPolicies(), policyId: 'retail', clock };
  await pool.query('select');
  const startMs = performance.now();
  if (what === 'ours') await readBook(desk, asOf);
  else for (const text of what === 'by-loan' ? [cheapestByLoan] : cheapestSums) await pool.query(text, [asOf]);
  const seconds = (performance.now() - startMs) / 1000;
  await pool.end();
  console.log(JSON.stringify({ seconds, nodeMb: process.resourceUsage().maxRSS / 1024 }));
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
