import type { IncomingMessage, ServerResponse } from 'node:http';
import { noTimes } from '../../times.ts';
import type { HttpDoor } from '../door.ts';
import { requestIdOf } from '../plugins/request-id.ts';
import { createReaders, exposedHeaders } from '../readers.ts';
import { logWhenDone } from '../request-line.ts';
import { serverTiming } from '../server-timing.ts';

export interface RawAnswer {
  status: number;
  /** Names and values in turn, which is what Node.js writes out soonest. */
  headers: string[];
  /** Whether the header Accept had a say in it. */
  isByAccept: boolean;
  /** Whether it was in a cache. */
  isHit?: boolean;
  /** @param requestId that the body may name */
  body?(requestId: string): Buffer | string;
}

/** Sends an answer past Fastify, with the headers and the line in the log that the hooks give to all others. */
export function createRawSender({ config, log }: Pick<HttpDoor, 'config' | 'log'>, route: string) {
  const readers = createReaders(config.corsOrigins);

  return (request: IncomingMessage, response: ServerResponse, answer: RawAnswer): void => {
    const started = performance.now();
    const { status, headers, isByAccept, isHit = false } = answer;
    const requestId = requestIdOf(request);
    logWhenDone(log, response, { requestId, method: request.method, route, started });
    headers.push('x-request-id', requestId, 'x-content-type-options', 'nosniff');
    if (isByAccept) headers.push('vary', readers.vary ? 'Origin, Accept' : 'Accept');
    else if (readers.vary) headers.push('vary', 'Origin');
    const origin = readers.allowed(request.headers.origin);
    if (origin !== undefined) {
      headers.push('access-control-allow-origin', origin, 'access-control-expose-headers', exposedHeaders);
    }
    const body = answer.body?.(requestId);
    if (body !== undefined) headers.push('content-length', String(Buffer.byteLength(body)));
    headers.push('server-timing', serverTiming({ ...noTimes(), isHit }, performance.now() - started));
    response.writeHead(status, headers);
    response.end(body);
  };
}
