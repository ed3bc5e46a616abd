import type { IncomingHttpHeaders } from 'node:http';
import { received } from '../../../contract/validate.ts';
import { HttpError } from '../response/problem.ts';

export type Condition = 'If-Match' | 'If-None-Match';

const tagsOf = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

/** Compared weakly (RFC 9110, 13.1.2). */
export function noneMatchHolds(header: string, tag: string | undefined): boolean {
  return header === tag || header.trim() === '*' || tagsOf(header).some((one) => one.replace(/^W\//, '') === tag);
}

/**
 * First false precondition for an existing image (RFC 9110, 13.2.2). Dates are ignored: there is no modification date
 * (13.1.3, 13.1.4).
 * @param tag undefined if unknown: only `*` is decided
 */
export function falseCondition(headers: IncomingHttpHeaders, tag: string | undefined): Condition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && match.trim() !== '*') {
    if (tag === undefined) return undefined;
    // Strong comparison (13.1.1).
    if (!tagsOf(match).includes(tag)) return 'If-Match';
  }
  return noneMatch !== undefined && noneMatchHolds(noneMatch, tag) ? 'If-None-Match' : undefined;
}

export function preconditionFailed(condition: Condition, headers: IncomingHttpHeaders): HttpError {
  const expected = condition === 'If-Match' ? 'the current ETag' : 'no current ETag';
  const came = received(headers[condition.toLowerCase()]);
  return new HttpError(412, `Expected ${expected} for ${condition} but received ${came}`, { parameter: condition });
}
