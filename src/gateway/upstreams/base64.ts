import { setImmediate as nextTurn } from 'node:timers/promises';
import { dataUriPrefix, maxDataUriPrefixLength } from '../../contract/data-uri.ts';

/** Decodes in about 20 µs. */
const sliceBytes = 65_536;

/**
 * Decodes base64, with optional line breaks and data: URI prefix, one slice per turn of the event loop.
 * @returns undefined if it is not valid base64
 */
export async function decodeBase64(text: Buffer): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafeSlow(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let rest = '';
  for (
    let from = dataUriPrefix(text.toString('latin1', 0, maxDataUriPrefixLength));
    from < text.length;
    from += sliceBytes
  ) {
    const isLast = from + sliceBytes >= text.length;
    const digits = rest + text.toString('latin1', from, from + sliceBytes).replace(/\s+/g, '');
    const whole = isLast ? digits.replace(/={1,2}$/, '') : digits.slice(0, digits.length - (digits.length % 4));
    rest = digits.slice(whole.length);
    const written = bytes.write(whole, length, 'base64');
    // Node.js silently skips invalid characters.
    if (written !== Math.floor((whole.length * 3) / 4)) return undefined;
    length += written;
    if (!isLast) await nextTurn();
  }
  return bytes.subarray(0, length);
}

/** Encodes an object as JSON with base64 text as its `image_data`, one slice per turn of the event loop. */
export async function embedBase64(object: object, text: Buffer): Promise<Buffer> {
  const parts = [Buffer.from(`${JSON.stringify(object).slice(0, -1)},"image_data":"`)];
  for (let from = 0; from < text.length; from += sliceBytes) {
    if (from > 0) await nextTurn();
    parts.push(Buffer.from(JSON.stringify(text.toString('latin1', from, from + sliceBytes)).slice(1, -1)));
  }
  parts.push(Buffer.from('"}'));
  const frame = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    if (at > 0) await nextTurn();
    at += part.copy(frame, at);
  }
  return frame;
}
