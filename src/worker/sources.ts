import { LRUCache } from 'lru-cache';
import type { Images } from './images/images.ts';
import type { InputLimits, SourceImage } from './images/inspect.ts';
import type { Store } from './store/store.ts';

/** Stored images, read and inspected once for several sizes in a row. */
export interface Sources {
  /**
   * @throws RequestError `not_found`, also for an image deleted meanwhile; as the store and `inspect`
   */
  get(imageId: string): Promise<SourceImage>;
}

/** Bytes kept: a dozen photographs. Reading one takes 4 % of the CPU time of a resize, inspecting it 2 %. */
const maxBytes = 16_777_216;

export function createSources(store: Store, images: Pick<Images, 'inspect'>, limits: InputLimits): Sources {
  const kept = new LRUCache<string, SourceImage>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes.length });
  const reading = new Map<string, Promise<SourceImage>>();

  async function read(imageId: string): Promise<SourceImage> {
    // As bytes rather than as a path: a disk fault is an error here instead of a SIGBUS in a decoder that maps the file,
    // and librsvg has no folder to resolve references in.
    const { bytes } = await store.read(imageId);
    const source = await images.inspect(bytes, limits);
    kept.set(imageId, source);
    return source;
  }

  return {
    async get(imageId) {
      const known = kept.get(imageId) ?? reading.get(imageId);
      if (known === undefined) {
        const started = read(imageId).finally(() => reading.delete(imageId));
        reading.set(imageId, started);
        return started;
      }
      const source = await known;
      await store.check(imageId);
      return source;
    },
  };
}
