import { setImmediate as nextTurn } from 'node:timers/promises';

/** Encodes in about 20 µs; a multiple of 3, so that only the last slice is padded. */
const sliceBytes = 49_152;

/**
 * Encodes a reply as JSON with its image in base64 as `image_data`, or an array of them for a list of images. Encodes
 * one slice per turn of the event loop.
 */
export async function base64Frame(reply: object, images: Buffer | readonly Buffer[]): Promise<Buffer> {
  const isList = !Buffer.isBuffer(images);
  const list = isList ? images : [images];
  const head = `${JSON.stringify(reply).slice(0, -1)},"image_data":${isList ? '[' : ''}`;
  const tail = isList ? ']}' : '}';
  const encodedBytes = list.reduce((sum, { length }) => sum + Math.ceil(length / 3) * 4 + 3, 0);
  const frame = Buffer.allocUnsafeSlow(Buffer.byteLength(head) + encodedBytes + tail.length);

  let at = frame.write(head);
  const put = (text: string) => {
    at += frame.write(text, at, 'latin1');
  };
  for (const [index, image] of list.entries()) {
    put(index === 0 ? '"' : ',"');
    for (let from = 0; from < image.length; from += sliceBytes) {
      if (from > 0) await nextTurn();
      put(image.toString('base64', from, from + sliceBytes));
    }
    put('"');
  }
  put(tail);
  return frame.subarray(0, at);
}
