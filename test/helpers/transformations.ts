import { randomUUID } from 'node:crypto';
import type { LogLine, Service } from './service.ts';

/** The lines of a service with one worker about the images that it has made so far: not one is on its way when this resolves. */
export async function transformations(service: Service): Promise<LogLine[]> {
  // A worker's lines come in their order, so all before that of this request are there too.
  const fence = randomUUID();
  await fetch(`${service.http}/images?limit=1`, { headers: { 'x-request-id': fence } });
  await service.logged(({ part, msg, request_id }) => part === 'worker' && msg === 'answered' && request_id === fence);
  return service.logs.filter(({ part, msg, operation }) => {
    return part === 'worker' && msg === 'answered' && operation === 'resize';
  });
}
