import type { ResultKey } from './key.ts';

export type Dependence = Pick<ResultKey, 'imageId' | 'watermarkId'>;

/** Creates an index of results by the stored images that they depend on: their source and their watermark. */
export function createDependents() {
  const namesOf = new Map<string, Set<string>>();

  return {
    add(key: Dependence, name: string): void {
      for (const id of imagesOf(key)) namesOf.set(id, (namesOf.get(id) ?? new Set()).add(name));
    },
    delete(key: Dependence, name: string): void {
      for (const id of imagesOf(key)) {
        const names = namesOf.get(id);
        names?.delete(name);
        if (names?.size === 0) namesOf.delete(id);
      }
    },
    /** Names of the results that depend on an image. */
    of: (imageId: string) => [...(namesOf.get(imageId) ?? [])],
  };
}

/** Whether a result has to go when an image is deleted. */
export function dependsOn({ imageId, watermarkId }: Dependence, deletedId: string): boolean {
  return imageId === deletedId || watermarkId === deletedId;
}

function imagesOf({ imageId, watermarkId }: Dependence): string[] {
  return watermarkId === undefined ? [imageId] : [imageId, watermarkId];
}
