import { RequestError } from '../../contract/errors.ts';

export function timedOut(): RequestError {
  return new RequestError('timeout', 'Expected a reply within the deadline of the request but it passed');
}

export function deletedMeanwhile(imageId: string): RequestError {
  return new RequestError('not_found', `No image ${imageId}: it was deleted meanwhile`, { parameter: 'image_id' });
}
