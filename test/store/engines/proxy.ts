import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeWith, type Owner } from '../../helpers/owner.ts';

/** `drop`: the engine gets the request, but the client no response; `cut`: the response breaks off. */
export type Fate = 'pass' | 'drop' | 'cut';

export interface Proxy {
  endpoint: string;
  /** Method, path and query of every request so far. */
  requests: string[];
  /** Decides the fate of each request; initially `pass`. */
  fate(method: string, path: string): Fate;
}

/** Starts a proxy between a client and an engine. It keeps the Host header, which the client has signed. */
export async function startProxy(t: Owner, engine: string): Promise<Proxy> {
  const proxy: Proxy = { endpoint: '', requests: [], fate: () => 'pass' };
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    proxy.requests.push(`${method} ${url}`);
    const fate = proxy.fate(method, url);
    const forwarded = request(`${engine}${url}`, { method, headers }, (answer: IncomingMessage) => {
      if (fate === 'drop') return incoming.socket.destroy();
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      if (fate === 'pass') return answer.pipe(outgoing);
      answer.once('data', (chunk: Buffer) =>
        outgoing.write(chunk.subarray(0, chunk.length / 2), () => incoming.socket.destroy()),
      );
    });
    forwarded.on('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => {
    server.closeAllConnections();
    server.close();
  });
  proxy.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
