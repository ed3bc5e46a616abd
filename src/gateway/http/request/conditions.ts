import type { IncomingHttpHeaders } from 'node:http';
import { received } from '../../../contract/error-text.ts';
import { HttpError } from '../response/problem.ts';

export type Precondition = 'If-Match' | 'If-None-Match';

const tagsOf = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

const isWeak = (tag: string) => tag.startsWith('W/');

/** The quoted part, which weak comparison compares. */
const opaqueTag = (tag: string) => (isWeak(tag) ? tag.slice(2) : tag);

/** Whether If-None-Match is `*` or lists the tag, by weak comparison (RFC 9110, 13.1.2). */
function matchesIfNoneMatch(header: string, tag: string | undefined): boolean {
  if (header === tag || header.trim() === '*') return true;
  return tag !== undefined && tagsOf(header).map(opaqueTag).includes(opaqueTag(tag));
}

/**
 * The first false precondition for an existing image or document (RFC 9110, 13.2.2). Date conditions are ignored, as
 * neither has a modification date (13.1.3, 13.1.4).
 * @param tag undefined if unknown: then only `*` can be evaluated
 */
export function failedPrecondition(headers: IncomingHttpHeaders, tag: string | undefined): Precondition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && match.trim() !== '*') {
    if (tag === undefined) return undefined;
    // Strong comparison (13.1.1).
    if (isWeak(tag) || !tagsOf(match).includes(tag)) return 'If-Match';
  }
  return noneMatch !== undefined && matchesIfNoneMatch(noneMatch, tag) ? 'If-None-Match' : undefined;
}

/** The 412 that names the precondition. */
export function preconditionError(precondition: Precondition, headers: IncomingHttpHeaders): HttpError {
  const expected = precondition === 'If-Match' ? 'the current ETag' : 'no current ETag';
  const actual = received(headers[precondition.toLowerCase()]);
  return new HttpError(412, `Expected ${expected} for ${precondition} but received ${actual}`, {
    parameter: precondition,
  });
}
