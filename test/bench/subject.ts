import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Bench, ok } from './measure.ts';
import { type Started, start } from './start.ts';

export interface Subject extends Started {
  imageId: string;
  /** Path of a result that has not been asked for before; all of them cost the same. */
  unique(): string;
  /** The same as a ZeroMQ request. */
  uniqueRequest(): object;
}

/**
 * Starts the built service with the photograph in it.
 * @param first of its unique results, where others share them
 */
export async function startSubject(bench: Bench, env: Record<string, string> = {}, first = 0): Promise<Subject> {
  // Without kept levels, or only the first results would cost what a photograph does.
  const settings = { IMGWIRE_QUEUE_LIMIT: '100000', IMGWIRE_TIMEOUT_MS: '60000', IMGWIRE_CACHE_LEVEL_BYTES: '0' };
  const service = await start(bench, { ...settings, ...env });
  const body = await readFile(bench.image);
  await ok(`${service.http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
  const imageId = createHash('sha256').update(body).digest('hex');
  let asked = first;
  // A colour that shows nowhere in a JPEG makes the request another one, and not its work.
  const colour = () => {
    asked += 1;
    return asked.toString(16).padStart(6, '0');
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
