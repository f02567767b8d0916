import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { causes } from '../../src/domain/cause/cause';
import { projectRoot } from '../../src/project-root';
import { sectionOf, tableOf } from './markdown';

describe('docs/causes-and-endings.md', () => {
  it('has a Chinese name and a meaning for each cause, and for nothing else', () => {
    const page = readFileSync(path.join(projectRoot, 'docs', 'causes-and-endings.md'), 'utf8');
    const rows = tableOf(sectionOf(page, 'Why a borrower is behind'));
    expect(rows.map(([code = '']) => code.replaceAll('`', '')).sort()).toEqual([...causes].sort());
    for (const [, chinese = '', meaning = ''] of rows) {
      expect(chinese).toMatch(/\p{Script=Han}{2}/u);
      expect(meaning.length).toBeGreaterThan(10);
    }
  });
});
