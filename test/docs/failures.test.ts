import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { meanings } from '../../src/api/problem';
import { refusalTypes } from '../../src/domain/refusal';
import { projectRoot } from '../../src/project-root';
import { sectionOf, tableOf } from './markdown';

const page = readFileSync(path.join(projectRoot, 'docs', 'failures.md'), 'utf8');
const rowsOf = (heading: string): string[][] => tableOf(sectionOf(page, heading));
const typesOf = (heading: string): string[] => rowsOf(heading).map(([type = '']) => type.replaceAll('`', ''));

/** The members of a union of string literals, which leaves no trace when the code runs. */
function unionIn(file: string, name: string): string[] {
  const text = readFileSync(path.join(projectRoot, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023);
  const alias = source.statements.filter(ts.isTypeAliasDeclaration).find((statement) => statement.name.text === name);
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} has no union ${name}`);
  return alias.type.types.map((member) => {
    if (ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)) return member.literal.text;
    throw new Error(`${name} has a member that is not a string`);
  });
}

describe('docs/failures.md names what the code can say', () => {
  it('has a row for each refusal, and for nothing else', () => {
    expect(typesOf('Refusals').sort()).toEqual([...refusalTypes].sort());
  });

  it('gives each refusal the HTTP status with which the API answers', () => {
    const documented = Object.fromEntries(
      rowsOf('Refusals').map(([type = '', status]) => [type.replaceAll('`', ''), status]),
    );
    const answered = Object.fromEntries(Object.entries(meanings).map(([type, { status }]) => [type, String(status)]));
    expect(documented).toEqual(answered);
  });

  it('has a row for each error of the engine, and for nothing else', () => {
    expect(typesOf('Engine').sort()).toEqual(unionIn('src/engine/engine-error.ts', 'EngineErrorType').sort());
  });

  it('has a row for each error of a migration, and for nothing else', () => {
    expect(typesOf('Migrations').sort()).toEqual(unionIn('src/store/migrate.ts', 'MigrationErrorType').sort());
  });

  it.each(['Refusals', 'Engine', 'Migrations'])(
    'says for each type under "%s" what it means and what the operator does',
    (heading) => {
      const unfinished = rowsOf(heading).filter((cells) => cells.slice(-2).some((cell) => !cell.endsWith('.')));
      expect(unfinished).toEqual([]);
    },
  );
});
