import { RequestError } from '../../contract/errors.ts';

export function deletedMeanwhile(imageId: string): RequestError {
  return new RequestError('not_found', `No image ${imageId}: it was deleted meanwhile`, { parameter: 'image_id' });
}
