import { describe, expect, it } from '@jest/globals';
import type { ContentTag } from '../../src/domain/contact/content-tag';
import { judgeContent } from '../../src/domain/contact/judge-content';
import { readPacks } from '../../src/policy/contact-pack';

const words = {
  en: 'Since 1 March Sample Bank owns your loan. You owe a principal of 900.00, interest of 80.00 and fees of 20.00. Complaints: the authority, 1 High Street.',
  zh: '自三月一日起，贷款归样本银行所有。本金900元，利息80元，费用20元。投诉：监管机构。',
};
const tags: readonly ContentTag[] = ['TRANSFER_NOTICE', 'AMOUNTS_SPLIT', 'COMPLAINT_CONTACT'];

/** The rules of the European Union that a letter after a transfer breaks. */
async function broken(language: 'en' | 'zh', body: string, said = tags): Promise<string[]> {
  const packs = (await readPacks('policies/packs')).filter(({ id }) => id === 'eu');
  const letter = { channel: 'letter', purpose: 'legally-required', subject: null, sender: 'Sample Bank' } as const;
  const occasion = { day: '2026-11-24', first: true, flags: [] };
  return judgeContent({ ...letter, language, body, tags: said }, packs, occasion).map(({ rule }) => rule);
}

describe('the notice after a transfer in the European Union', () => {
  it.each(['en', 'zh'] as const)('is fit when it splits the amounts and says where to complain, in %s', async (one) => {
    expect(await broken(one, words[one])).toEqual([]);
  });

  it.each([
    ['en', 'principal', 'sum'],
    ['en', 'interest', 'more'],
    ['en', 'fees', 'more'],
    ['zh', '本金', '金额'],
    ['zh', '利息', '其他'],
    ['zh', '费用', '其他'],
  ] as const)('in %s without “%s” splits no amounts', async (language, part, other) => {
    expect(await broken(language, words[language].replace(part, other))).toEqual(['EU-NPL-10-NOTICE-AMOUNTS']);
  });

  it.each([
    ['en', 'Complaints'],
    ['zh', '投诉'],
  ] as const)('in %s without “%s” does not say where to complain', async (language, part) => {
    expect(await broken(language, words[language].replace(part, ''))).toEqual(['EU-NPL-10-NOTICE-COMPLAINTS']);
  });

  it('carries every tag that it is asked for', async () => {
    const all = ['EU-NPL-10-NOTICE', 'EU-NPL-10-NOTICE-AMOUNTS', 'EU-NPL-10-NOTICE-COMPLAINTS'];
    expect(await broken('en', words.en, [])).toEqual(all);
  });
});
