import { parseObject, unexpected } from './error.ts';

/** A successful answer, if it is the service that sent it. */
export interface Reply {
  status: number;
  mediaType: string;
  bytes: Uint8Array;
}

/** @throws ImgwireError `unexpected` for anything but an image */
export function imageOf(reply: Reply): Uint8Array {
  if (!/^image\//i.test(reply.mediaType)) throw unexpected(reply.status, textOf(reply));
  return reply.bytes;
}

/** @throws ImgwireError `unexpected` for anything but JSON of that shape */
export function jsonOf<T extends object>(reply: Reply, hasShape: (value: Partial<T>) => boolean): T {
  const text = textOf(reply);
  const value = parseObject<T>(text);
  if (!hasShape(value)) throw unexpected(reply.status, text);
  return value as T;
}

/** @throws ImgwireError `unexpected` for an answer with content */
export function expectNoContent(reply: Reply): void {
  if (reply.status !== 204) throw unexpected(reply.status, textOf(reply));
}

function textOf({ bytes }: Reply): string {
  return new TextDecoder().decode(bytes);
}
