import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { publishPolicyFile } from '../../src/service/publish-policy';

/** Publishes the retail policy with more sections, or others in place of its own, as the version that new cases get. */
export async function publishRetailWith(pool: Pool, sections: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-policy-'));
  try {
    cpSync('policies', folder, { recursive: true });
    const file = join(folder, 'retail.yaml');
    let written = readFileSync(file, 'utf8').replace(/^version: .*$/m, "version: '2099.01'");
    for (const [name, section] of Object.entries(sections)) {
      written = written.replace(new RegExp(`^${name}: .*$`, 'm'), '') + `\n${name}: ${section}\n`;
    }
    writeFileSync(file, written);
    await publishPolicyFile(pool, file, 'test');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
