import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RequestId } from '../../../contract/operations.ts';
import { Compile } from '../../../contract/typebox.ts';

const validator = Compile(RequestId);

/** The client's own id for a request where it fits, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return validator.Check(given) ? given : randomUUID();
}
