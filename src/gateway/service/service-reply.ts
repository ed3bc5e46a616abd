import type { LaneReply } from '../../contract/lane.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { ResultKey } from '../cache/key.ts';

/** The image sent with a request: its bytes, or its base64 text as bytes. Do not mutate afterwards. */
export interface RequestImage {
  bytes: Buffer;
  encoding?: 'base64';
}

/** A successful reply. `fields` are those besides status, message and request id. */
export interface ServiceReply<N extends OperationName = OperationName> {
  fields: Omit<LaneReply<N>, 'image_data'>;
  images: readonly Buffer[];
  /** Key of the result, if it was made from a stored image and is known. */
  key?: ResultKey | undefined;
}
