import { describe, expect, it } from '@jest/globals';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPolicyFile } from '../../src/policy/check';
import { formatProblem } from '../../src/policy/located-yaml';
import { openPolicyDocument, policyDocument } from '../../src/policy/policy-document';
import { readPolicy } from '../../src/policy/read-policy';
import { contentHash, stableJson } from '../../src/policy/stable-json';
import { shortPolicy } from './sources';

describe('a policy file', () => {
  it('that cannot be read is a problem like any other', async () => {
    const { document, problems } = await checkPolicyFile('policies/nowhere.yaml');
    expect(document).toBeNull();
    expect(problems.map(formatProblem)).toEqual(['policies/nowhere.yaml:1:1: cannot be read (ENOENT)']);
  });

  it('that is broken is refused with every problem', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'policy-')), 'p.yaml');
    await writeFile(path, shortPolicy);
    await expect(readPolicy(path)).rejects.toMatchObject({
      type: 'PolicyInvalid',
      reason: expect.stringMatching(/p\.yaml:15:18 .*no template "first-reminder"\n.*p\.yaml:20:19 .*no template/),
    });
  });
});

describe('a published policy', () => {
  it('holds the rules and every text that they use, and no other', async () => {
    const document = await readPolicy('policies/retail.yaml');
    expect(document.policy).toMatchObject({ id: 'retail', version: '2027.01', currency: 'CNY' });
    expect(Object.keys(document.templates).sort()).toEqual([
      'care-check-in',
      'care-options',
      'due-soon',
      'first-reminder',
      'follow-up-offer',
      'legal-notice-ahead',
      'promise-reminder',
      'second-reminder',
      'team-notice',
    ]);
  });

  it('leaves out a text that no step uses', async () => {
    const { policy, templates } = await readPolicy('policies/retail.yaml');
    const unused = { purpose: 'reminder', sms: { zh: 'x' } } as const;
    expect(policyDocument(policy, { ...templates, unused })).toEqual({ format: 1, policy, templates });
  });

  it('is the same after a database has changed the order of its keys', async () => {
    const document = await readPolicy('policies/retail.yaml');
    const turned: unknown = JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    expect(stableJson(turned)).toBe(stableJson(document));
    expect(openPolicyDocument(turned, contentHash(document))).toEqual(document);
  });

  it('changes its hash with one letter of one text or the order of two steps', async () => {
    const document = await readPolicy('policies/retail.yaml');
    const text = JSON.stringify(document);
    const changed: unknown = JSON.parse(text.replace('如有困难', '若有困难'));
    expect(contentHash(changed)).not.toBe(contentHash(document));
    expect(() => openPolicyDocument(changed, contentHash(document))).toThrow('not the one that was published');
    expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
  });

  it('of a later format is not opened', async () => {
    const later = { ...(await readPolicy('policies/retail.yaml')), format: 2 };
    expect(() => openPolicyDocument(later, contentHash(later))).toThrow('format 2');
  });
});
