import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { createServiceClient } from '../../src/command-line/http-client';
import { addReliefCommands } from '../../src/command-line/relief-commands';
import { addCase } from './portfolio';
import { startApi, type TestApi } from './support';

const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
  { key: 'bo', actor: 'bo', roles: ['supervisor'] },
] as const;
const asCore = { authorization: 'Bearer sys' };

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await startApi({ keys });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

const addLoan = async (): Promise<string> =>
  (await addCase({ ...api, call: (method, path, body) => api.call(method, path, body, asCore) })).loanId;

/** What the command line of a person prints, as JSON. */
async function arrears<T>(key: string, ...words: string[]): Promise<T> {
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  try {
    const program = new Command('arrears');
    addReliefCommands(program, () => createServiceClient(url, key));
    await program.parseAsync(words, { from: 'user' });
  } finally {
    log.mockRestore();
  }
  return JSON.parse(printed.join('\n')) as T;
}

interface Items {
  readonly items: readonly Record<string, unknown>[];
}

describe('the command line', () => {
  it('takes a promise in parts, shows it and takes it back', async () => {
    const loanId = await addLoan();
    const given = await arrears<Items>(
      'sys',
      'promise',
      'give',
      loanId,
      '2026-03-05=20000',
      '2026-03-09=5000',
      '--id',
      'R-9',
    );
    expect(given.items).toMatchObject([{ promiseId: 'R-9', state: 'open', promisedMinor: 25_000 }]);
    await arrears('sys', 'promise', 'cancel', loanId, 'R-9', '--reason', 'asked to');
    const listed = await arrears<Items>('sys', 'promise', 'list', loanId);
    expect(listed.items).toMatchObject([{ promiseId: 'R-9', state: 'cancelled' }]);
  });

  it('previews an arrangement, proposes it, and lets another person approve it', async () => {
    const loanId = await addLoan();
    const terms = ['--terms', '{"kind":"extension","days":60}'];
    const preview = await arrears('ana', 'arrangement', 'preview', loanId, ...terms);
    expect(preview).toMatchObject({ approval: { role: 'supervisor' }, after: { rawDpd: 0 } });
    const reason = ['--reason', 'hardship', '--cause', 'illness'];
    const proposed = await arrears('ana', 'arrangement', 'propose', loanId, ...terms, ...reason, '--id', `A-${loanId}`);
    expect(proposed).toMatchObject({ state: 'proposed' });
    const [waiting] = (await arrears<Items>('bo', 'approval', 'list', '--loan', loanId)).items;
    const decision = ['approve', String(waiting?.['approvalId']), '--reason', 'looked at it'];
    await expect(arrears('ana', 'approval', ...decision)).rejects.toThrow('whoever proposed it');
    expect(await arrears('bo', 'approval', ...decision)).toMatchObject({ state: 'approved', decidedBy: 'bo' });
    const cancelled = await arrears('bo', 'arrangement', 'cancel', loanId, `A-${loanId}`, '--reason', 'a mistake');
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    expect((await arrears<Items>('ana', 'arrangement', 'list', loanId)).items).toHaveLength(1);
  });
});
