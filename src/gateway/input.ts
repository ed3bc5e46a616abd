import { operations, type RequestOf } from '../contract/operations.ts';

/** What a job works on: the id of a stored image, or the bytes that came with it. */
export type Input = string | Buffer;

/**
 * The image that is decoded for a request, where there is one.
 * @param image the frame that came beside the request
 */
export function inputOf(request: RequestOf, image: Buffer | undefined): Input | undefined {
  if (operations[request.operation].input === 'none') return undefined;
  if (image !== undefined) return image;
  const { image_id, image_data } = request as { image_id?: string; image_data?: string };
  return image_data === undefined ? image_id : Buffer.from(image_data, 'base64');
}
