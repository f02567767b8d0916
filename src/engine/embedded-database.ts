import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { databaseUrlOf } from './postgres';
import { PRODUCT_DATABASE } from './engine';

/** Where the embedded engine of this home keeps the product's database, whether it runs or not; null if it never ran. */
export function embeddedDatabaseUrl(home: string): string | null {
  const [ports, password] = [join(home, 'ports.json'), join(home, 'postgres.password')];
  if (!existsSync(ports) || !existsSync(password)) return null;
  const { postgres } = JSON.parse(readFileSync(ports, 'utf8')) as { postgres: number };
  return databaseUrlOf(postgres, readFileSync(password, 'utf8'), PRODUCT_DATABASE);
}
