import { id } from '../layout.ts';

/** An image is stored under its id. Every other key begins with a letter after f, so that ids come first in a list. */
export const isImageKey = (key: string) => id.test(key);

/** Sorts after every id, and before all other keys of ours. */
export const afterIds = 'g';

export const newestPrefix = 'newest/';

/** Milliseconds since the epoch, of 13 digits until 2286. */
const lastTime = 9_999_999_999_999;
const digits = 13;

export interface StoredAt {
  imageId: string;
  /** Milliseconds since the epoch. */
  storedAt: number;
}

/** Sorts the latest first. */
export function newestKey({ imageId, storedAt }: StoredAt): string {
  return `${newestPrefix}${String(lastTime - storedAt).padStart(digits, '0')}-${imageId}`;
}

export function fromNewestKey(key: string): StoredAt | undefined {
  const [, time, imageId] = /^newest\/(\d{13})-([0-9a-f]{64})$/.exec(key) ?? [];
  return imageId === undefined ? undefined : { imageId, storedAt: lastTime - Number(time) };
}
