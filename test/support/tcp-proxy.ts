import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut, frozen and mended, as the network does. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were refused or ended because the line was cut. */
  readonly cutOff: () => number;
  /** Ends every connection and takes no new one until `mend`. */
  readonly cut: () => void;
  /** Connections that are open stay open, but no byte passes either way. Those opened after `mend` are free. */
  readonly freeze: () => void;
  /** Requests still reach the server over connections opened from now on; its answers stay here until `mend`. */
  readonly holdAnswers: () => void;
  /** Answers that were held so far are handed over; frozen connections stay frozen. */
  readonly mend: () => void;
  /** As `mend` for connections to come, while answers that are held stay held. */
  readonly mendForNew: () => void;
  readonly close: () => Promise<void>;
}

type Mode = 'open' | 'cut' | 'hold';

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mode: Mode = 'open';
  let cutOff = 0;
  const pairs = new Map<Socket, Socket>();
  const held = new Set<() => void>();

  const server = createServer((near) => {
    if (mode === 'cut') {
      cutOff += 1;
      near.destroy();
      return;
    }
    const far = connect(target);
    pairs.set(near, far);
    join(near, far, pairs);
    near.pipe(far);
    if (mode === 'hold') held.add(() => far.pipe(near));
    else far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function mend(): void {
    mode = 'open';
    for (const handOver of held) handOver();
    held.clear();
  }
  function endAll(): void {
    for (const near of pairs.keys()) near.destroy();
  }
  return {
    port: (server.address() as AddressInfo).port,
    cutOff: () => cutOff,
    cut() {
      mode = 'cut';
      cutOff += pairs.size;
      endAll();
    },
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    holdAnswers() {
      mode = 'hold';
    },
    mend,
    mendForNew() {
      mode = 'open';
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whichever side ends, the other ends too. */
function join(near: Socket, far: Socket, pairs: Map<Socket, Socket>): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => undefined);
    one.on('close', () => {
      pairs.delete(near);
      other.destroy();
    });
  }
}
