import { randomUUID } from 'node:crypto';
import { errorCodes } from '../../contract/errors.ts';
import { parseJson } from '../../contract/messages.ts';
import { maxHops } from '../../contract/operations.ts';

/** `draining`: an imgwire node that ends. */
export type Kind = 'imgwire' | 'plain' | 'draining';

/** An imgwire node answers by itself when it cannot answer in time. */
const timeoutMs = 2000;

/** Errors that say of a ping that there is no such thing. */
const unknownPing: ReadonlySet<unknown> = new Set(['invalid_operation', 'invalid_request']);

/** For the node's gateway itself, which sees to its workers. */
export function pingFrame(): Buffer {
  const request_id = `upstream-${randomUUID()}`;
  return Buffer.from(JSON.stringify({ operation: 'ping', request_id, timeout_ms: timeoutMs, hops: maxHops }));
}

/** Tells the kind of an upstream by its answer to a ping: only an imgwire node has a version, or a code for why it has none now. */
export function kindOf([frame]: readonly Buffer[]): Kind {
  const { status, version, code } = readReply(frame);
  if (status === 'success' && typeof version === 'string') return 'imgwire';
  if (status !== 'error' || !Object.hasOwn(errorCodes, String(code)) || unknownPing.has(code)) return 'plain';
  return code === 'shutting_down' ? 'draining' : 'imgwire';
}

function readReply(frame: Buffer | undefined): Record<string, unknown> {
  try {
    return Object(parseJson(frame ?? Buffer.alloc(0)));
  } catch {
    return {};
  }
}
