import type { ResultIdentity } from '../../../contract/result-key.ts';
import { sha256 } from '../../sha256.ts';
import type { ResultFields, ResultStore, StoredResult } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { resultKey, watermarkedKey } from './keys.ts';

/** First line of the object; the bytes of the image follow. */
interface Head {
  text: string;
  sha256: string;
  fields: ResultFields;
}

const newline = 0x0a;

/** Creates a store of results as objects, verified when they are read. */
export function createResultStore(bucket: Bucket): ResultStore {
  return {
    async read(identity, signal) {
      const object = await bucket.get(resultKey(identity), { signal });
      return object && parse(object.bytes, identity);
    },

    async write(identity, result, signal) {
      const { imageId, watermarkId } = identity;
      const key = resultKey(identity);
      const keys = [key];
      if (watermarkId !== undefined) {
        const marker = watermarkedKey({ ...identity, watermarkId });
        keys.push(marker);
        // Before the result, so that none is without a marker.
        await bucket.put(marker, Buffer.alloc(0), { signal });
      }
      const body = await serialize(identity, result);
      await bucket.put(key, body, { sha256: await sha256(body), signal });
      // Removes the result of an image deleted meanwhile. A deletion after this check finds it itself.
      const ids = watermarkId === undefined ? [imageId] : [imageId, watermarkId];
      const found = await Promise.all(ids.map((id) => bucket.head(id, { signal })));
      if (found.includes(undefined)) await bucket.delete(keys, { signal });
    },
  };
}

async function serialize({ text }: ResultIdentity, { fields, bytes }: StoredResult): Promise<Buffer> {
  const head: Head = { text, sha256: await sha256(bytes), fields };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]);
}

/** Undefined if the object is damaged or another result. */
async function parse(object: Buffer, { text }: ResultIdentity): Promise<StoredResult | undefined> {
  const end = object.indexOf(newline);
  const head = parseHead(object.toString('utf8', 0, Math.max(0, end)));
  if (head?.text !== text) return undefined;
  const bytes = object.subarray(end + 1);
  return (await sha256(bytes)) === head.sha256 ? { fields: head.fields, bytes } : undefined;
}

function parseHead(line: string): Head | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
