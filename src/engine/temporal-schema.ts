import { ensureDatabase, withClient } from './databases';
import { EngineError } from './engine-error';
import type { Postgres } from './postgres';
import { runCommand } from './run-command';

/** Temporal's own two databases, and where their schemas lie inside the schema tool. */
export const TEMPORAL_DATABASE = 'temporal';
export const VISIBILITY_DATABASE = 'temporal_visibility';

const SCHEMAS = [
  { database: TEMPORAL_DATABASE, schema: 'postgresql/v12/temporal' },
  { database: VISIBILITY_DATABASE, schema: 'postgresql/v12/visibility' },
];

/** Makes Temporal's databases on the first start and brings their schemas up to the server's version on every start. */
export async function prepareTemporalSchema(sqlTool: string, postgres: Postgres): Promise<void> {
  const run = async (database: string, ...args: string[]): Promise<void> => {
    const { code, output } = await runCommand(sqlTool, args, { env: toolEnvironment(postgres, database) });
    if (code === 0) return;
    throw new EngineError('SchemaSetupFailed', `Temporal's schema tool failed on database ${database}:\n${output}`);
  };
  await Promise.all(
    SCHEMAS.map(async ({ database, schema }) => {
      const update = (target: string): Promise<void> => run(target, 'update-schema', '--schema-name', schema);
      await ensureDatabase(postgres, database, async (draft) => {
        await run(draft, 'setup-schema', '-v', '0.0');
        await update(draft);
        // The tool keeps the version under the database's name, which is about to change.
        await withClient(postgres.urlOf(draft), (client) =>
          client.query('UPDATE schema_version SET db_name = $1', [database]),
        );
      });
      await update(database);
    }),
  );
}

// In the environment, because a command line with the password could be read by every user of the machine.
function toolEnvironment(postgres: Postgres, database: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: '127.0.0.1',
    SQL_PORT: String(postgres.port),
    SQL_USER: postgres.user,
    SQL_PASSWORD: postgres.password,
    SQL_DATABASE: database,
  };
}
