import type { OperationReply } from '../../contract/operations.ts';

/** Reply fields that describe the image: everything but status, message and request id. */
export type ImageFields = Omit<OperationReply<'retrieve'>, 'image_data'> &
  Partial<Pick<OperationReply<'resize'>, 'width' | 'height'>>;

/** An image as returned by a worker. Shared between requests: do not mutate. */
export interface Result {
  fields: ImageFields;
  image: Buffer;
}
