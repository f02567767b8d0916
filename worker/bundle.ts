import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleFile } from './case-worker';

/** Part of the build: workflow code is bundled once, so that every process runs and replays the same. */
async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('../workflows/all-workflows') });
  writeFileSync(bundleFile, code);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
