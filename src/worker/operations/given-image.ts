import type { Store } from '../store/store.ts';

/** The image that a request is about: the one that came with it, or the stored one that it names. */
export async function givenImage(
  store: Store,
  { image_id }: { image_id?: string },
  image: Buffer | undefined,
): Promise<{ bytes: Buffer; createdAt?: Date }> {
  if (image !== undefined) return { bytes: image };
  // As bytes rather than as a path: a fault of the disk is then an error here instead of a SIGBUS in a decoder that maps
  // the file, and librsvg has no folder in which it would look for files that an SVG names.
  return store.read(image_id as string);
}
