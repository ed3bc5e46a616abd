import type { OperationReply } from '../../contract/operations.ts';

/** What a reply says of its image, beside its status, message and request id. */
export type ImageFields = Omit<OperationReply<'retrieve'>, 'image_data'> &
  Partial<Pick<OperationReply<'resize'>, 'width' | 'height'>>;

/** An image as a worker answered it. Shared by all who ask for it: never to be changed. */
export interface Result {
  fields: ImageFields;
  image: Buffer;
}

/** Names a result. */
export interface ResultKey {
  /** The stored image that it is made from. */
  imageId: string;
  /** The same for all requests that mean the same, as long as the workers are of the same version. */
  text: string;
}
