import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../src/project-root';
import { tableOf } from './markdown';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');
const rows = tableOf(read('docs/defects.md'));

describe('docs/defects.md', () => {
  it('has a test for each of the fourteen defects', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
  });

  it.each(rows)('defect %s: %s', (_number, _what, file = '', name = '') => {
    const tests = [...read(file.replaceAll('`', '')).matchAll(/\bit\(\s*'((?:[^'\\]|\\.)+)'/g)].map(
      ([, title]) => title,
    );
    expect(tests.filter((title) => title === name)).toHaveLength(1);
  });
});
