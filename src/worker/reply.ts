import type { LaneRequest } from '../contract/lane.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import type { OperationResult } from './operations/operation.ts';

/**
 * Builds a reply: one frame, unless images were requested as binary. `image_data` comes last, to let readers parse the
 * rest without it.
 */
export function successFrames(
  request: LaneRequest,
  requestId: string,
  result: OperationResult<OperationName>,
): Buffer[] {
  const { fields, image, images } = result;
  const reply = {
    status: 'success',
    request_id: requestId,
    message: operations[request.operation].message,
    ...fields,
  };
  const isBinary = request.transfer_encoding === 'binary';
  if (images !== undefined) {
    if (isBinary) return [toFrame(reply), ...images];
    return [toFrame({ ...reply, image_data: images.map((one) => one.toString('base64')) })];
  }
  if (image === undefined) return [toFrame(reply)];
  if (isBinary) return [toFrame(reply), image];
  return [toFrame({ ...reply, image_data: image.toString('base64') })];
}

function toFrame(reply: object): Buffer {
  return Buffer.from(JSON.stringify(reply));
}
