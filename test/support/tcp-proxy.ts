import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut and mended, as the network does. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were refused or ended because the line was cut. */
  readonly cutOff: () => number;
  /** Ends every connection and takes no new one until `mend`. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let isCut = false;
  let cutOff = 0;
  const pairs = new Map<Socket, Socket>();

  const server = createServer((near) => {
    if (isCut) {
      cutOff += 1;
      near.destroy();
      return;
    }
    const far = connect(target);
    pairs.set(near, far);
    join(near, far, pairs);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function endAll(): void {
    for (const near of pairs.keys()) near.destroy();
  }
  return {
    port: (server.address() as AddressInfo).port,
    cutOff: () => cutOff,
    cut() {
      isCut = true;
      cutOff += pairs.size;
      endAll();
    },
    mend() {
      isCut = false;
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
