import { LRUCache } from 'lru-cache';
import type { Images } from './images/images.ts';
import type { InputLimits, SourceImage } from './images/inspect.ts';
import type { Store } from './store/store.ts';

/** Stored images that are worked on. Several sizes of one are mostly asked for in a row: it is read and inspected once for them. */
export interface Sources {
  /**
   * @throws RequestError `not_found`, as soon as the image is deleted; as the store and `inspect` do
   */
  get(imageId: string): Promise<SourceImage>;
}

/** Bytes of the files that a worker keeps: a dozen photographs. Beside a resize of one, reading it takes 4 % of the time of the CPU, and inspecting it 2 %. */
const maxBytes = 16_777_216;

export function createSources(store: Store, images: Pick<Images, 'inspect'>, limits: InputLimits): Sources {
  const kept = new LRUCache<string, SourceImage>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes.length });
  const reading = new Map<string, Promise<SourceImage>>();

  async function read(imageId: string): Promise<SourceImage> {
    // As bytes rather than as a path: a fault of the disk is then an error here instead of a SIGBUS in a decoder that maps
    // the file, and librsvg has no folder in which it would look for files that an SVG names.
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
