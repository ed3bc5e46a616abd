import type { OperationReply } from '../../contract/operations.ts';

/** What a reply says of its image, beside its status, message and request id. */
export type ImageFields = Omit<OperationReply<'retrieve'>, 'image_data'> &
  Partial<Pick<OperationReply<'resize'>, 'width' | 'height'>>;

/** An image as a worker answered it. Shared by all who ask for it: never to be changed. */
export interface Result {
  fields: ImageFields;
  image: Buffer;
}
