import { rmSync } from 'node:fs';

/** Stops the engine of the test run and removes its data. */
async function stopTestEngine(): Promise<void> {
  const running = globalThis.arrearsTestEngine;
  if (running === undefined) return;
  globalThis.arrearsTestEngine = undefined;
  await running.engine.stop();
  rmSync(running.home, { recursive: true, force: true });
}

// Jest asks for a default export.
module.exports = stopTestEngine;
