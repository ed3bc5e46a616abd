import type { ErrorCode } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { errorReply } from '../../contract/messages.ts';
import { operations } from '../../contract/operations.ts';
import { versionOf } from '../../contract/result-key.ts';
import type { ServiceReply } from '../service/service-reply.ts';
import { base64Frame } from './base64-frame.ts';

/** Encodes a reply: images in base64 as `image_data`, the last field, or as frames with `binary`. */
export async function replyFrames(
  request: LaneRequest,
  requestId: string,
  { fields, images, key }: ServiceReply,
): Promise<Buffer[]> {
  const { message, returnsImage } = operations[request.operation];
  const { tell_version: tellsVersion } = request as LaneRequest<'resize'>;
  const version = tellsVersion && key !== undefined ? { version: versionOf(key) } : {};
  const reply = { status: 'success', request_id: requestId, message, ...fields, ...version };
  if (!returnsImage) return [toFrame(reply)];
  if (request.transfer_encoding === 'binary') return [toFrame(reply), ...images];
  return [await base64Frame(reply, 'variants' in fields ? images : (images[0] as Buffer))];
}

export function errorFrames(error: unknown, requestId: string): Buffer[] {
  return [toFrame(errorReply(error, requestId))];
}

/** Reads the code without parsing the JSON: `status` and `code` are its first fields. */
export function codeOf(frame: Buffer): ErrorCode | 'success' {
  const code = /^\{"status":"error","code":"(\w+)"/.exec(frame.toString('latin1', 0, 64))?.[1];
  return (code as ErrorCode | undefined) ?? 'success';
}

export function toFrame(reply: object): Buffer {
  return Buffer.from(JSON.stringify(reply));
}
