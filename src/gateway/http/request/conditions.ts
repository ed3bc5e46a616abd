import { hash } from 'node:crypto';
import type { Parameters } from '../../contract/parameters.ts';
import { canonicalOnce } from '../canonical.ts';

/** The entity tag of an image as it was uploaded. */
export function originalTag(imageId: string): string {
  return `"${imageId}"`;
}

/**
 * The entity tag of an image made from another: the same inputs, made by the same version, have the same bytes.
 * @param version undefined where it is not known yet, and then there is no tag
 */
export function variantTag(imageId: string, parameters: Parameters, version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  const inputs = `${imageId}\n${canonicalOnce(parameters)}\n${version}`;
  return `"${hash('sha256', inputs, 'base64url')}"`;
}

/** Whether If-None-Match names what would be sent: a list of tags, compared weakly (RFC 9110, 13.1.2), or `*`. */
export function noneMatchHolds(header: string, tag: string | undefined): boolean {
  // What nearly all send.
  if (header === tag) return true;
  if (header.trim() === '*') return true;
  const tags: string[] = header.match(/"[^"]*"/g) ?? [];
  return tag !== undefined && tags.includes(tag);
}

export interface ByteRange {
  /** First byte and last byte, both included. */
  start: number;
  end: number;
}

/**
 * Reads the header Range (RFC 9110, 14.1.2). More than one range at once is not served, which a server is free to do.
 * @returns undefined where the header is to be ignored
 */
export function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
