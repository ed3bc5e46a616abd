import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RequestId } from '../../../contract/fields.ts';
import { Compile } from '../../../contract/typebox.ts';

const validator = Compile(RequestId);

/** The client's X-Request-Id if valid, else a new id. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return validator.Check(given) ? given : randomUUID();
}
