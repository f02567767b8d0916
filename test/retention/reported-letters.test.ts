import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPacksInForce } from '../../src/policy/packs-in-force';
import { defaultPacksInForce } from '../../src/project-root';
import { purgeDue } from '../../src/retention/purge';
import { postPayment } from '../../src/store/payments';
import { addCase } from '../api/portfolio';
import { startApi, type TestApi } from '../api/support';
import { samplePayment } from '../store/samples';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const letter = {
  ...{ channel: 'letter', at: '2026-03-02T09:30:00+08:00', agency: 'Example Recoveries', language: 'en' },
  ...{ subject: 'About Robin and the operation', note: 'handed to her brother', tags: ['INSTITUTION_ID'] },
  body: 'Example Recoveries writes to Robin Example of the red house. The police will come.',
};
const contentHash = createHash('sha256')
  .update(JSON.stringify([letter.subject, letter.body]))
  .digest('hex');
const words = [letter.subject, letter.body, letter.note, 'red house', contentHash];

/** Everything that the service can read, as text. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await api.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const texts: string[] = [];
  for (const { name } of rows) {
    const { rows: held } = await api.pool.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...held.map(({ text }) => text));
  }
  return texts.join('\n');
}

describe('a letter that somebody else wrote and reported with its words', () => {
  it('is kept word for word while its case is, and none of its words outlives the purge', async () => {
    const { loanId } = await addCase(api);
    const reported = await api.call('POST', `/v1/cases/${loanId}/contacts`, { reportId: randomUUID(), ...letter });
    expect(reported.status).toBe(201);
    await postPayment(api.pool, samplePayment(loanId, { amountMinor: 202_000, valueDay: '2026-05-04' }));
    const close = `update loan_case set status = 'closed', closed_at = '2026-05-05T02:00:00Z' where loan_id = $1`;
    await api.pool.query(close, [loanId]);
    const { policies, policyId } = api.desk;
    const { packs } = await readPacksInForce(defaultPacksInForce);
    const purge = (day: string): Promise<number> =>
      purgeDue(api.pool, { policies, policyId, packs }, Date.parse(`${day}T04:00:00Z`), { dryRun: false });

    expect(await purge('2031-05-05')).toBe(0);
    const before = await wholeDatabase();
    for (const secret of words) expect(before).toContain(secret);
    // The case, and the person of whom nothing else is on record.
    expect(await purge('2031-05-06')).toBe(2);
    const after = await wholeDatabase();
    for (const secret of words) expect(after).not.toContain(secret);
    const { rows } = await api.pool.query('select channel, body from contact where loan_id = $1', [loanId]);
    expect(rows).toEqual([{ channel: 'letter', body: null }]);
  });
});
