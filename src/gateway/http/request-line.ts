import type { ServerResponse } from 'node:http';
import type { Logger } from '../../log.ts';
import { isGone, whenDone } from './lifetime.ts';

interface RequestLine {
  requestId: string;
  method: string | undefined;
  /** The pattern of its URL, where it has one. */
  route: string | undefined;
  /** When it came, on the clock of `performance.now()`. */
  started: number;
}

/** Writes the one line that the log has of a request, when it is over. */
export function logWhenDone(
  log: Logger,
  response: ServerResponse,
  { requestId, method, route, started }: RequestLine,
): void {
  whenDone(response, () => {
    log.info(
      {
        request_id: requestId,
        method,
        route,
        status: isGone(response) ? undefined : response.statusCode,
        duration_ms: Math.round(performance.now() - started),
      },
      isGone(response) ? 'request dropped by the client' : 'request',
    );
  });
}
