import { setImmediate as nextTurn } from 'node:timers/promises';

/** Bytes that are encoded at a time, which takes some 20 µs; a multiple of 3, so that no padding comes in between. */
const sliceBytes = 49_152;

/**
 * The frame of a reply with its images as base64: a string in `image_data`, or of a list an array of strings.
 * A large image is encoded slice by slice and others have their turn in between,
 * so that no step takes time in proportion to the image.
 * @param reply the reply without its images
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
