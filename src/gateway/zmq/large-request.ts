import type { RequestOf } from '../../contract/operations.ts';
import { checkRequest } from '../../contract/validate.ts';

/** Bytes at either end of a large frame that are looked at. */
const windowBytes = 4096;
const quote = 0x22;

export interface Peeked {
  /** The request with its long value left out. */
  request: RequestOf;
  /** The long value. */
  value: Buffer;
}

/**
 * Reads a request whose JSON is too large to be parsed here, without its long value: what stands before and after it
 * is near the ends of the frame, so this costs the same however large the image is.
 * The result tells which lane to take and what to answer where no worker does; the worker itself reads the whole.
 * @returns undefined where the ends do not tell
 */
export function peekRequest(frame: Buffer): Peeked | undefined {
  const head = frame.subarray(0, windowBytes);
  const tail = frame.subarray(-windowBytes);
  const open = head.lastIndexOf(quote);
  const close = tail.indexOf(quote);
  if (open === -1 || close === -1) return undefined;
  try {
    const request = checkRequest(JSON.parse(head.toString('latin1', 0, open + 1) + tail.toString('latin1', close)));
    return { request, value: frame.subarray(open + 1, frame.length - tail.length + close) };
  } catch {
    return undefined;
  }
}

/** `status`, `code` and `request_id` of a reply, which its sender puts first. */
export function peekReply(frame: Buffer): { code: string; requestId: string | undefined } {
  const head = frame.toString('latin1', 0, 512);
  const code = /^\{"status":"error","code":"(\w+)"/.exec(head)?.[1] ?? 'success';
  const requestId = /"request_id":("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
  return { code, requestId: requestId === undefined ? undefined : JSON.parse(requestId) };
}
