import { createServer } from 'node:net';

const HOST = '127.0.0.1';

export async function isFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

/** A free port of the loopback interface: the preferred one if it is free. */
export async function freePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? undefined : await tryListen(preferred)) ?? await tryListen(0);
  if (port === undefined) throw new Error('The system has no free port');
  return port;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
