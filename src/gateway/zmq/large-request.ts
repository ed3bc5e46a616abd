import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestError } from '../../contract/errors.ts';
import { parseJson } from '../../contract/messages.ts';
import { received } from '../../contract/validate.ts';

/** A request whose image stands in its JSON, apart from it. */
export interface LargeRequest {
  /** The JSON, parsed, with a placeholder for the image. Not checked yet. */
  value: Record<string, unknown>;
  /** The image in base64, with the escapes of JSON. */
  text: Buffer;
}

/** Bytes before and after the image that are parsed. */
const windowBytes = 32_768;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Reads JSON whose `image_data` is too large to be parsed on the event loop: only what stands around it is parsed.
 * @throws RequestError `invalid_request` where `image_data` is not its only long value, or comes twice
 */
export function readLargeRequest(frame: Buffer): LargeRequest {
  const head = frame.toString('latin1', 0, windowBytes);
  const opening = /"image_data"\s*:\s*"/.exec(head);
  if (opening === null) throw notReadable(head);
  const start = opening.index + opening[0].length;
  // Base64 has no quote, so the next one ends it.
  const end = frame.indexOf(quote, start);
  if (end === -1 || frame.length - end > windowBytes) throw notReadable(head);
  const placeholder = randomUUID();
  const around = [frame.subarray(0, start), Buffer.from(placeholder), frame.subarray(end)];
  const value = parseJson(Buffer.concat(around)) as LargeRequest['value'] | null;
  // The placeholder is elsewhere where the field is nested, quoted within another value, or repeated.
  if (value?.image_data !== placeholder) throw notReadable(head);
  return { value, text: frame.subarray(start, end) };
}

function notReadable(head: string): RequestError {
  const trimmed = head.trimStart();
  const came = trimmed.startsWith('[') ? 'an array' : trimmed.startsWith('{') ? 'another' : received(trimmed);
  return new RequestError(
    'invalid_request',
    `Expected a JSON object whose only long value is image_data, once, but received ${came}`,
  );
}

/** Longest escape of JSON, `\u002B`. */
const maxEscape = 6;

/**
 * Resolves the escapes of JSON in base64, such as PHP's `\/`, slice by slice with others having their turn in between.
 * @throws RequestError `invalid_request` for what is no escape of JSON
 */
export async function unescapeBase64(text: Buffer): Promise<Buffer> {
  if (!text.includes(backslash)) return text;
  const output = Buffer.allocUnsafeSlow(text.length);
  let length = 0;
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + windowBytes, text.length);
    const lastEscape = to === text.length ? -1 : text.subarray(to - maxEscape + 1, to).lastIndexOf(backslash);
    if (lastEscape !== -1) to += lastEscape - maxEscape + 1;
    const slice = Buffer.concat([Buffer.from('"'), text.subarray(from, to), Buffer.from('"')]);
    length += output.write(parseJson(slice) as string, length, 'latin1');
    from = to;
    await nextTurn();
  }
  return output.subarray(0, length);
}
