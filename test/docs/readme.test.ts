import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { caseCommand } from '../../src/cases/apply-command';
import { customerBody } from '../../src/api/customer-shapes';
import { loanBody } from '../../src/api/loan-shapes';
import { environment } from '../../src/config';
import { projectRoot } from '../../src/project-root';
import { codeIn, headingsIn, sectionOf, tableOf } from './markdown';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');
const english = read('README.md');
const chinese = read('README.zh-CN.md');
const pages = { 'README.md': english, 'README.zh-CN.md': chinese };

const depthsOf = (page: string): number[] => headingsIn(page.split('\n')).map(({ depth }) => depth);
const firstCells = (page: string, heading: string): string[] =>
  tableOf(sectionOf(page, heading)).map(([cell = '']) => cell);
const namesIn = (cells: readonly string[]): string[] =>
  cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

/** The bodies that the walk-through sends, with a day in place of each question for one. */
function sent(): Map<string, unknown> {
  const calls = codeIn(sectionOf(english, 'Walk through it'), 'sh').flatMap((code) => [
    ...code.matchAll(/^send (\w+ \S+) <<EOF\n(.*?)^EOF$/gms),
  ]);
  return new Map(
    calls.map(([, request = '', body = '']): [string, unknown] => [
      request,
      JSON.parse(body.replace(/\$\(day (-?\d+)\)/g, (_whole, days: string) => dayFrom(Number(days)))),
    ]),
  );
}

function dayFrom(days: number): string {
  return new Date(Date.UTC(2026, 10, 24 + days)).toISOString().slice(0, 10);
}

describe('the two READMEs say the same', () => {
  it('have the same headings in the same order', () => {
    expect(depthsOf(chinese)).toEqual(depthsOf(english));
  });

  it('have the same commands', () => {
    expect(codeIn(chinese, 'sh')).toEqual(codeIn(english, 'sh'));
  });

  it.each([
    ['Commands', '命令'],
    ['Environment', '环境变量'],
    ['Folders', '目录'],
  ])('have the same names under "%s"', (heading, twin) => {
    expect(namesIn(firstCells(chinese, twin))).toEqual(namesIn(firstCells(english, heading)));
  });

  it.each(Object.entries(pages))('%s links only to what is there', (_name, page) => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((target) => !existsSync(path.join(projectRoot, target)))).toEqual([]);
  });
});

describe('the walk-through fits the API', () => {
  const requests = sent();

  it.each<[string, z.ZodType]>([
    ['PUT customers/demo-1', customerBody],
    ['PUT loans/DEMO-1', loanBody],
  ])('%s is a body that the API takes', (request, schema) => {
    expect(requests.has(request)).toBe(true);
    expect(schema.safeParse(requests.get(request)).error?.issues).toBeUndefined();
  });

  it('asks for a pause that a case takes', () => {
    const body = requests.get('POST cases/DEMO-1/pause') as object;
    expect(caseCommand.safeParse({ ...body, kind: 'pause', actor: 'li.wei' }).error?.issues).toBeUndefined();
  });

  it('pays what is overdue, to the minor unit', () => {
    const { instalments } = loanBody.parse(requests.get('PUT loans/DEMO-1'));
    const [first] = instalments;
    const payment = requests.get('POST loans/DEMO-1/payments') as { amountMinor: number; currency: string };
    expect(payment.amountMinor).toBe((first?.principalMinor ?? 0) + (first?.interestMinor ?? 0));
  });
});

describe('the tables of the README are complete', () => {
  it('lists every variable of the configuration, and no other', () => {
    expect(namesIn(firstCells(english, 'Environment')).sort()).toEqual(Object.keys(environment.shape).sort());
  });

  it('gives the defaults that the configuration has', () => {
    const defaults = environment.parse({}) as Record<string, unknown>;
    const wrong = tableOf(sectionOf(english, 'Environment')).flatMap(([names = '', , fallback = '']) => {
      const written = namesIn([fallback.split(';')[0] ?? '']);
      return namesIn([names]).filter((name, at) => written[at] !== undefined && written[at] !== String(defaults[name]));
    });
    expect(wrong).toEqual([]);
  });

  it('names each folder with sources, and none that is not there', () => {
    const foldersIn = (under: string): string[] =>
      readdirSync(path.join(projectRoot, under), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => path.posix.join(under, name));
    const named = namesIn(firstCells(english, 'Folders'));
    expect(named.filter((folder) => !existsSync(path.join(projectRoot, folder)))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(foldersIn('src')));
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const used = [...english.matchAll(/`npm (?:run )?([a-z]+)`/g)].map(([, name = '']) => name);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names only commands that the command line has', () => {
    const sources = [
      read('src/cli.ts'),
      ...readdirSync(path.join(projectRoot, 'src/command-line')).map((name) => read(`src/command-line/${name}`)),
    ];
    const known = new Set(
      sources.flatMap((text) => [...text.matchAll(/\.command\('([a-z]+)/g)].map(([, name]) => name)),
    );
    const used = [...english.matchAll(/npx arrears ([a-z]+)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md');

  it('says of each dependency why it is there, and of no other', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const section = sectionOf(page, 'Why each dependency is there');
    const named = section.split('\n').flatMap((line) => {
      const before = namesIn([line.replace(/: [^`]*/g, ' ')]);
      const scope = before.find((name) => name.startsWith('@temporalio/')) === undefined ? '' : '@temporalio/';
      return before.map((name) => (name.startsWith('@') ? name : scope + name));
    });
    const known = named.filter((name) => !name.startsWith('/'));
    expect(known.sort()).toEqual(Object.keys(dependencies).sort());
  });

  it('stays within two hundred lines', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(200);
  });

  it('names only functions and files that are there', () => {
    const sources = ['src', 'workflows', 'activities', 'worker']
      .flatMap((folder) =>
        readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(
          (file) => `${folder}/${file}`,
        ),
      )
      .filter((file) => file.endsWith('.ts'));
    const code = sources.map(read).join('\n') + sources.join('\n');
    const named = namesIn(sectionOf(page, 'Code map').split('\n')).filter((name) => /^[\w.-]+$/.test(name));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !code.includes(name))).toEqual([]);
  });
});
