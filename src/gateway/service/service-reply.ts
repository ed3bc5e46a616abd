import type { LaneReply } from '../../contract/lane.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { ResultKey } from '../cache/key.ts';

/** The image that comes with a request: its bytes, or its base64 text as bytes. Not to be changed afterwards. */
export interface RequestImage {
  bytes: Buffer;
  encoding?: 'base64';
}

/** Its fields beside status, message and request id. */
export interface ServiceReply<N extends OperationName = OperationName> {
  fields: Omit<LaneReply<N>, 'image_data'>;
  images: readonly Buffer[];
  /** Identifies the result of a stored image, where that is known. */
  key?: ResultKey | undefined;
}
