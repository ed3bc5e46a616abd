import type { ResultKey } from './key.ts';

export type ImageDependencies = Pick<ResultKey, 'imageId' | 'watermarkId'>;

/** Indexes results by the stored images they depend on: their source and their watermark. */
export function createDependencyIndex() {
  const namesOf = new Map<string, Set<string>>();

  return {
    add(key: ImageDependencies, name: string): void {
      for (const id of imagesOf(key)) namesOf.set(id, (namesOf.get(id) ?? new Set()).add(name));
    },
    delete(key: ImageDependencies, name: string): void {
      for (const id of imagesOf(key)) {
        const names = namesOf.get(id);
        names?.delete(name);
        if (names?.size === 0) namesOf.delete(id);
      }
    },
    /** Names of the results that depend on an image. */
    dependentsOf: (imageId: string) => [...(namesOf.get(imageId) ?? [])],
  };
}

/** Whether deleting an image invalidates a result. */
export function dependsOn({ imageId, watermarkId }: ImageDependencies, deletedId: string): boolean {
  return imageId === deletedId || watermarkId === deletedId;
}

function imagesOf({ imageId, watermarkId }: ImageDependencies): string[] {
  return watermarkId === undefined ? [imageId] : [imageId, watermarkId];
}
