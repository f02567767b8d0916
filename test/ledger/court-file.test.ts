import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givePromise } from '../../src/cases/give-promise';
import { addCaseCause } from '../../src/cases/hear-cause';
import { addDays } from '../../src/domain/day';
import { anchorDay } from '../../src/ledger/anchor';
import { readCourtFile } from '../../src/ledger/court-file';
import { courtJson, courtPage } from '../../src/ledger/court-page';
import { putCustomer } from '../../src/store/customers';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';
import { type File, problemsOfFile } from './independent-check';

let service: CaseService;
let loanId: string;
let other: string;
let json: string;
let page: string;

beforeAll(async () => {
  service = await startCaseService();
  const borrower = await addBorrower(service);
  await putCustomer(service.desk.pool, {
    ...{
      customerId: borrower.customerId,
      name: '示例 <b>甲</b>',
      language: 'zh',
      timezone: 'Asia/Shanghai',
      preferences: {},
    },
  });
  [loanId, other] = [
    await addLoan(service, borrower, { dueDaysAgo: 0 }),
    await addLoan(service, borrower, { dueDaysAgo: 1 }),
  ];
  await open(service, other);
  await service.forward(2);
  await open(service, loanId);
  await service.forward(14);
  const parts = [{ dueDay: addDays(await bankToday(service), 5), amountMinor: 40_000 }];
  const clerk = { name: 'clerk', roles: ['system'] };
  await givePromise(service.desk, loanId, { promiseId: 'R-court', currency: 'CNY', parts }, clerk);
  await addCaseCause(service.desk, loanId, { code: 'illness', fromDay: null, source: 'api' }, clerk);
  await anchorDay(service.desk.pool, await bankToday(service));
  const file = await readCourtFile(
    service.desk.pool,
    loanId,
    service.gate.inForce.packs,
    await service.desk.clock.nowMs(),
  );
  [json, page] = [courtJson(file), courtPage(file)];
  const folder = process.env['ARREARS_TEST_COURT_FOLDER'];
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'zh.html'), page);
    writeFileSync(path.join(folder, 'en.html'), courtPage({ ...file, language: 'en' }));
    writeFileSync(path.join(folder, 'file.json'), json);
  }
});
afterAll(() => service.close());

describe('the file of a case for a court', () => {
  it('holds the exact words that the provider was given, with the rules and packs that allowed them', () => {
    const { contacts } = JSON.parse(json) as { contacts: { text: string; rules: string[]; packs: object[] }[] };
    const sent = service.providers.outbox.list({ limit: 100 }).map(({ body }) => body);
    expect(contacts.length).toBeGreaterThan(1);
    for (const { text, rules, packs } of contacts) {
      expect(sent).toContain(text);
      expect([rules.length > 0, packs.length]).toEqual([true, 2]);
    }
  });

  it('holds what was promised, and why the borrower is behind', () => {
    const { promises, causes } = JSON.parse(json) as Record<'promises' | 'causes', object[]>;
    expect(promises).toMatchObject([{ promiseId: 'R-court', parts: [{ amountMinor: 40_000 }], cancelledDay: null }]);
    expect(causes).toMatchObject([{ code: 'illness', source: 'api', actor: 'clerk', endedDay: null }]);
    expect(page).toContain('承诺还款');
    expect(page).toContain('CN¥400.00');
  });

  it('can be checked with nothing but SHA-256', () => {
    expect(problemsOfFile(json)).toEqual([]);
    const { chains } = JSON.parse(json) as File;
    expect(chains.filter(({ covered }) => covered !== null).length).toBeGreaterThanOrEqual(2);
    expect(chains.flatMap(({ covered }) => covered?.proof ?? []).length).toBeGreaterThan(0);
  });

  it.each<readonly [string, (file: File) => void]>([
    ['a word of a message', (file) => (file.contacts[0]!.text = 'other words')],
    ['a column of a row', (file) => (file.rows.find(({ table }) => table === 'contact')!.columns['body'] = '"other"')],
    ['an open column', (file) => (file.rows.find(({ table }) => table === 'contact')!.columns['state'] = '"denied"')],
    ['an entry', (file) => (file.chains.at(-1)!.entries[1]!.what = 'case_event/nothing')],
    ['the order of entries', (file) => file.chains.at(-1)!.entries.reverse()],
    ['a row left out', (file) => file.rows.pop()],
    ['the last entry that is covered', (file) => file.chains.at(-1)!.entries.splice(-1)],
    ['the anchor', (file) => (file.chains.at(-1)!.covered!.anchor.root = '0'.repeat(64))],
  ])('shows a change of %s', (_name, change) => {
    const file = JSON.parse(json) as File;
    change(file);
    expect(problemsOfFile(JSON.stringify(file))).not.toEqual([]);
  });

  it('is a page in the language of the borrower that needs nothing else and runs nothing', () => {
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('催收案件记录');
    expect(page).toContain('示例 &lt;b&gt;甲&lt;/b&gt;');
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import/);
  });
});
