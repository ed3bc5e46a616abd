import { parseObject, unexpectedResponse } from './error.ts';

/** A successful response, not yet known to be the service's own. */
export interface Reply {
  status: number;
  mediaType: string;
  bytes: Uint8Array;
}

/** @throws ImgwireError `unexpected` for anything but an image */
export function expectImage(reply: Reply): Uint8Array {
  if (!/^image\//i.test(reply.mediaType)) throw unexpectedResponse(reply.status, textOf(reply));
  return reply.bytes;
}

/** @throws ImgwireError `unexpected` for anything but a JSON object of this shape */
export function expectJson<T extends object>(reply: Reply, hasShape: (value: Partial<T>) => boolean): T {
  const text = textOf(reply);
  const value = parseObject<T>(text);
  if (!hasShape(value)) throw unexpectedResponse(reply.status, text);
  return value as T;
}

/** @throws ImgwireError `unexpected` unless the status is 204 */
export function expectNoContent(reply: Reply): void {
  if (reply.status !== 204) throw unexpectedResponse(reply.status, textOf(reply));
}

function textOf({ bytes }: Reply): string {
  return new TextDecoder().decode(bytes);
}
