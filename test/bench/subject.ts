import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Bench, fetchOk } from './measure.ts';
import { type Started, start } from './start.ts';

export interface Subject extends Started {
  imageId: string;
  /** URL of a result not requested before; all of them cost the same. */
  unique(): string;
  /** The same as a ZeroMQ request. */
  uniqueRequest(): object;
}

/**
 * Starts the built service and uploads the photograph.
 * @param first number of the first unique result; nodes that share results start at different ones
 */
export async function startSubject(bench: Bench, env: Record<string, string> = {}, first = 0): Promise<Subject> {
  // No level cache: with it, only the first results would cost a decoded photograph.
  const settings = { IMGWIRE_QUEUE_LIMIT: '100000', IMGWIRE_TIMEOUT_MS: '60000', IMGWIRE_CACHE_LEVEL_BYTES: '0' };
  const service = await start(bench, { ...settings, ...env });
  const body = await readFile(bench.image);
  await fetchOk(`${service.http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
  const imageId = createHash('sha256').update(body).digest('hex');
  let counter = first;
  // The background is invisible in a JPEG: it makes the request unique without changing its work.
  const colour = () => {
    counter += 1;
    return counter.toString(16).padStart(6, '0');
  };
  return {
    ...service,
    imageId,
    unique: () => `${service.http}/images/${imageId}?width=720&background=%23${colour()}`,
    uniqueRequest: () => ({
      operation: 'resize',
      image_id: imageId,
      width: 720,
      background: `#${colour()}`,
      transfer_encoding: 'binary',
    }),
  };
}
