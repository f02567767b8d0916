import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { projectRoot } from '../../src/project-root';

const folders = ['workflows', 'src/domain'];
const cache = path.join(projectRoot, 'node_modules', '.cache', 'arrears');

/** The workflows as they are in the sources now, bundled once for all tests until a source changes. */
export async function bundledWorkflows(): Promise<{ codePath: string }> {
  const codePath = path.join(cache, `workflows-${hashOfSources()}.js`);
  if (existsSync(codePath)) return { codePath };
  const workflowsPath = path.join(projectRoot, 'workflows', 'all-workflows.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  mkdirSync(cache, { recursive: true });
  // Renamed when complete: test files run at the same time.
  const draft = path.join(cache, `draft-${randomUUID()}`);
  writeFileSync(draft, code);
  renameSync(draft, codePath);
  return { codePath };
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(path.join(projectRoot, 'package-lock.json')));
  for (const folder of folders) {
    for (const file of readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!file.endsWith('.ts')) continue;
      hash.update(file).update(readFileSync(path.join(projectRoot, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
