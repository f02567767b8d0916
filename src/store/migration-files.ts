import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly sql: string;
}

// The compiler copies no .sql: compiled and source code both read the one folder of the project.
export const migrationsFolder = join(projectRoot(__dirname), 'src', 'store', 'migrations');

function projectRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error(`no package.json above ${__dirname}`);
  return projectRoot(dirname(folder));
}

/** The files `0001-name.sql`, `0002-name.sql`, … in their order, without a gap. */
export function readMigrationFiles(folder: string): MigrationFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name, index) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1] ?? Number.NaN);
    if (number !== index + 1) throw new Error(`migration file ${name} should be number ${index + 1}, as 0001-name.sql`);
    // A checkout with other line ends is the same migration.
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { number, name, checksum: createHash('sha256').update(sql).digest('hex'), sql };
  });
}
