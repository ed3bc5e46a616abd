import type { LaneRequest } from '../../contract/lane.ts';
import { errorReply } from '../../contract/messages.ts';
import { operations } from '../../contract/operations.ts';
import type { ServiceReply } from '../service/service-reply.ts';
import { base64Frame } from './base64-frame.ts';

/**
 * The frames of a reply: JSON, with the images in base64 as its last field, `image_data`,
 * or, with transfer encoding `binary`, as frames after it.
 */
export async function replyFrames(
  request: LaneRequest,
  requestId: string,
  { fields, images }: ServiceReply,
): Promise<Buffer[]> {
  const { message, returnsImage } = operations[request.operation];
  const reply = { status: 'success', request_id: requestId, message, ...fields };
  if (!returnsImage) return [toFrame(reply)];
  if (request.transfer_encoding === 'binary') return [toFrame(reply), ...images];
  return [await base64Frame(reply, 'variants' in fields ? images : (images[0] as Buffer))];
}

export function errorFrames(error: unknown, requestId: string): Buffer[] {
  return [toFrame(errorReply(error, requestId))];
}

/** The code of a reply that a worker made: `status` and `code` come first in it. */
export function codeOf(frame: Buffer): string {
  return /^\{"status":"error","code":"(\w+)"/.exec(frame.toString('latin1', 0, 64))?.[1] ?? 'success';
}

function toFrame(reply: object): Buffer {
  return Buffer.from(JSON.stringify(reply));
}
