import { randomUUID } from 'node:crypto';
import { errorCodes } from '../../contract/errors.ts';
import { maxHops } from '../../contract/fields.ts';
import { parseJson } from '../../contract/messages.ts';

/** `draining`: an imgwire node that is shutting down. */
export type UpstreamKind = 'imgwire' | 'plain' | 'draining';

/** Sent to the node, which replies with an error by itself after this time. */
const nodeTimeoutMs = 2000;

/** Error codes of a server that does not know pings. */
const pingUnknownCodes: ReadonlySet<unknown> = new Set(['invalid_operation', 'invalid_request']);

/** A ping answered by the node's gateway itself, not passed on to its workers. */
export function pingFrame(): Buffer {
  const request_id = `upstream-${randomUUID()}`;
  return Buffer.from(JSON.stringify({ operation: 'ping', request_id, timeout_ms: nodeTimeoutMs, hops: maxHops }));
}

/**
 * Detects the kind of an upstream from its reply to a ping: only an imgwire node sends a version, or an error code of
 * the contract other than those for an unknown operation.
 */
export function detectKind([frame]: readonly Buffer[]): UpstreamKind {
  const { status, version, code } = readReply(frame);
  if (status === 'success' && typeof version === 'string') return 'imgwire';
  if (status !== 'error' || !Object.hasOwn(errorCodes, String(code)) || pingUnknownCodes.has(code)) return 'plain';
  return code === 'shutting_down' ? 'draining' : 'imgwire';
}

function readReply(frame: Buffer | undefined): Record<string, unknown> {
  try {
    return Object(parseJson(frame ?? Buffer.alloc(0)));
  } catch {
    return {};
  }
}
