import type { ResultKey } from './key.ts';

/** Indexes results by the stored images that they depend on: the one they are made from and the watermark. */
export interface Dependents {
  add(key: Dependence, name: string): void;
  delete(key: Dependence, name: string): void;
  of(imageId: string): string[];
}

export type Dependence = Pick<ResultKey, 'imageId' | 'watermarkId'>;

export function createDependents(): Dependents {
  const namesOf = new Map<string, Set<string>>();

  function remove(imageId: string, name: string): void {
    const names = namesOf.get(imageId);
    names?.delete(name);
    if (names?.size === 0) namesOf.delete(imageId);
  }

  return {
    add(key, name) {
      for (const id of imagesOf(key)) namesOf.set(id, (namesOf.get(id) ?? new Set()).add(name));
    },
    delete(key, name) {
      for (const id of imagesOf(key)) remove(id, name);
    },
    of: (imageId) => [...(namesOf.get(imageId) ?? [])],
  };
}

/** Whether a result has to go when an image is deleted. */
export function dependsOn({ imageId, watermarkId }: Dependence, deletedId: string): boolean {
  return imageId === deletedId || watermarkId === deletedId;
}

function imagesOf({ imageId, watermarkId }: Dependence): string[] {
  return watermarkId === undefined ? [imageId] : [imageId, watermarkId];
}
