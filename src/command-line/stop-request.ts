export interface StopRequest {
  /** Aborted by Ctrl-C or a request to end: work that can be broken off looks at it. */
  readonly signal: AbortSignal;
  /** Waits for the request; throws when a part of the service ended by itself before. */
  wait(...failures: readonly Promise<Error>[]): Promise<void>;
}

/** Listens from now on, so that a stop during a long start is an orderly one too. */
export function listenForStop(): StopRequest {
  const controller = new AbortController();
  const asked = new Promise<null>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        controller.abort();
        resolve(null);
      });
    }
  });
  return {
    signal: controller.signal,
    async wait(...failures) {
      const failure = await Promise.race([asked, ...failures]);
      if (failure !== null) throw failure;
    },
  };
}
