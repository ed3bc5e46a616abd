import { RequestError } from '../contract/errors.ts';

export function timedOut(): RequestError {
  return new RequestError('timeout', 'Expected a reply within the deadline of the request but it passed');
}
