import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Check } from 'typebox/value';
import { RequestId } from '../../../contract/operations.ts';

/** The client's own id for a request where it fits, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return Check(RequestId, given) ? given : randomUUID();
}
