import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { buildFromModule, whyGoCannotBuild } from './build';
import { EngineError } from './engine-error';
import { type Program, SERVER, SQL_TOOL, UI_SERVER } from './programs';
import { runCommand } from './run-command';

export interface Binaries {
  server: string;
  sqlTool: string;
  ui: string | null;
}

/** Finds each program in the cache, else on PATH, else builds it into the cache; answers their paths. */
export async function findOrBuildBinaries(wantsUi: boolean, report: (line: string) => void): Promise<Binaries> {
  return {
    server: await findOrBuild(SERVER, report),
    sqlTool: await findOrBuild(SQL_TOOL, report),
    ui: wantsUi ? await findOrBuild(UI_SERVER, report) : null,
  };
}

/** The cache that every clone on this machine shares. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'arrears');
}

async function findOrBuild(program: Program, report: (line: string) => void): Promise<string> {
  const cached = join(cacheFolder(), program.folder, program.binary);
  if (existsSync(cached)) return cached;
  if (await isOnPath(program)) return program.nameOnPath;
  const obstacle = await whyGoCannotBuild();
  if (obstacle !== null) throw noBinary(program, obstacle);
  const failure = await buildFromModule(program, cacheFolder(), report);
  if (failure !== null) throw noBinary(program, failure);
  return cached;
}

// Another minor version may lack time skipping or want another schema.
async function isOnPath(program: Program): Promise<boolean> {
  const { code, output } = await runCommand(program.nameOnPath, ['--version']);
  return code === 0 && output.includes(program.version.split('.').slice(0, 2).join('.') + '.');
}

function noBinary(program: Program, obstacle: string): EngineError {
  const programs = [SERVER, SQL_TOOL, UI_SERVER]
    .map(({ nameOnPath, version }) => `${nameOnPath} ${version}`)
    .join(', ');
  return new EngineError(
    'NoTemporalBinary',
    [
      `There is no way to ${program.title} ${program.version} yet: ${obstacle}`,
      'One of these three gives it:',
      '  1. Set TEMPORAL_ADDRESS and DATABASE_URL to a Temporal cluster and a PostgreSQL that run already' +
        ' (docker-compose.yml starts both).',
      `  2. Put ${programs} on PATH,` + ` or a build in ${cacheFolder()}.`,
      '  3. Install Go 1.26.8 or newer from https://go.dev/dl and start again: it is then built here' +
        ' (needs network and about five minutes, once).',
    ].join('\n'),
  );
}
