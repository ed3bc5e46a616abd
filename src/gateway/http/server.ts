import { createServer, type RequestListener, type Server } from 'node:http';
import type { HttpDoorOptions } from './door.ts';

/** Slowest upload that is waited for, in bytes a second: a quarter of a weak mobile connection. */
const slowestUpload = 131_072;

/** Makes the HTTP server below Fastify, with a limit on every wait of its own, so that no connection can be held open for nothing. */
export function createHttpServer(
  { maxUploadBytes, timeoutMs }: HttpDoorOptions['config'],
  listener: RequestListener,
): Server {
  const timeouts = {
    // A whole request, body included: a client that drips its bytes holds a part of the budget.
    requestTimeout: 30_000 + Math.ceil((maxUploadBytes / slowestUpload) * 1000),
    // Longer than the 60 seconds of common load balancers, which must be the first to close an idle connection.
    keepAliveTimeout: 72_000,
    // From connecting to the end of the headers, which are small.
    headersTimeout: 15_000,
    // How often Node.js looks for what is over the two limits on requests.
    connectionsCheckingInterval: 5_000,
  };
  // A silent connection, either way. While workers are at it nothing is sent: a request asks them twice at most.
  return createServer(timeouts, listener).setTimeout(2 * timeoutMs + 10_000);
}
