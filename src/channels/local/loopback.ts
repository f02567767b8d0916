import type { AddressInfo, Server } from 'node:net';

/** Listens on 127.0.0.1 and nowhere else; port 0 takes a free one. Answers the port. */
export async function listenOnLoopback(server: Pick<Server, 'listen' | 'once' | 'off' | 'address'>, port: number) {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
