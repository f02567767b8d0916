/** Waits for Ctrl-C or a request to end; throws when a part of the service ended by itself. */
export async function untilAsked(...failures: readonly Promise<Error>[]): Promise<void> {
  const asked = new Promise<null>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve(null);
      });
    }
  });
  const failure = await Promise.race([asked, ...failures]);
  if (failure !== null) throw failure;
}
