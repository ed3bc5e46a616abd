import { randomUUID } from 'node:crypto';
import type { LogLine, Service } from './service.ts';

/** Log lines for the resizes done so far by a service with one worker; none is still in transit when this resolves. */
export async function transformations(service: Service): Promise<LogLine[]> {
  // A worker's lines arrive in order: once the line of this request is there, so are all before it.
  const fence = randomUUID();
  await fetch(`${service.http}/images?limit=1`, { headers: { 'x-request-id': fence } });
  await service.waitForLog(
    ({ part, msg, request_id }) => part === 'worker' && msg === 'answered' && request_id === fence,
  );
  return service.logs.filter(({ part, msg, operation }) => {
    return part === 'worker' && msg === 'answered' && operation === 'resize';
  });
}
