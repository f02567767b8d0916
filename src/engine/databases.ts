import { Client } from 'pg';

/**
 * Makes a database unless it is there. `fill` gets a database under another name first: it is renamed when it is
 * complete, so that a kill in between leaves nothing half-done.
 */
export async function ensureDatabase(
  postgres: { urlOf(database: string): string },
  name: string,
  fill: (draft: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const draft = `${name}_draft`;
  await withClient(postgres.urlOf('postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 1) return;
    await client.query(`DROP DATABASE IF EXISTS ${draft}`);
    await client.query(`CREATE DATABASE ${draft}`);
    await fill(draft);
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  });
}

/** Lends a connection for a few statements. */
export async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // Without a listener a connection that breaks between two queries would end the service.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
