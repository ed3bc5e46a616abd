import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { received } from '../../contract/error-text.ts';
import { RequestError } from '../../contract/errors.ts';
import { parseClientJson, parseJson } from '../../contract/messages.ts';

/** A JSON message with an image in base64. */
export interface LargeMessage {
  /** Not validated; `image_data` is a placeholder. */
  value: Record<string, unknown>;
  /** Base64 of the image, still with its JSON escapes. */
  text: Buffer;
}

/** Longest JSON frame that is parsed whole, in well under a millisecond; a longer one is a large message. */
export const maxParsedBytes = 65_536;

/** Bytes parsed at a time. */
const windowBytes = 32_768;
const quote = 0x22;
const backslash = 0x5c;
/** Length of `\u002B`. */
const maxEscape = 6;

/**
 * Parses only the JSON around `image_data`, to keep the event loop responsive.
 * @throws RequestError `invalid_request` unless `image_data` is the only long value, given once
 */
export function readLargeMessage(frame: Buffer): LargeMessage {
  const head = frame.toString('latin1', 0, windowBytes);
  const opening = /"image_data"\s*:\s*"/.exec(head);
  if (opening === null) throw unreadable(head);
  const start = opening.index + opening[0].length;
  // Base64 contains no quotes.
  const end = frame.indexOf(quote, start);
  if (end === -1 || frame.length - end > windowBytes) throw unreadable(head);
  const placeholder = randomUUID();
  const around = Buffer.concat([frame.subarray(0, start), Buffer.from(placeholder), frame.subarray(end)]);
  const value = parseClientJson(around) as LargeMessage['value'] | null;
  // The match was nested, or inside another string.
  if (value?.image_data !== placeholder) throw unreadable(head);
  return { value, text: frame.subarray(start, end) };
}

function unreadable(head: string): RequestError {
  const trimmed = head.trimStart();
  const actual = trimmed.startsWith('[') ? 'an array' : trimmed.startsWith('{') ? 'another' : received(trimmed);
  return new RequestError(
    'invalid_request',
    `Expected a JSON object whose only long value is image_data, once, but received ${actual}`,
  );
}

/**
 * Decodes JSON escapes, such as PHP's `\/`, one slice per turn of the event loop.
 * @throws RequestError `invalid_request` for an invalid escape
 */
export async function unescapeBase64(text: Buffer): Promise<Buffer> {
  if (!text.includes(backslash)) return text;
  const output = Buffer.allocUnsafeSlow(text.length);
  let length = 0;
  for (let from = 0, to = 0; from < text.length; from = to) {
    to = Math.min(from + windowBytes, text.length);
    const lastEscape = from + text.subarray(from, to).lastIndexOf(backslash);
    if (to < text.length && lastEscape > to - maxEscape) to = lastEscape;
    const slice = Buffer.concat([Buffer.from('"'), text.subarray(from, to), Buffer.from('"')]);
    length += output.write(parseJson(slice) as string, length, 'latin1');
    await nextTurn();
  }
  return output.subarray(0, length);
}
