import type { StoredAt } from './keys.ts';

/** Metadata field of an original: the time in the key of its `newest/` marker, in milliseconds since the epoch. */
const field = 'stored-at';

export const originalMetadata = (storedAt: number): Record<string, string> => ({ [field]: String(storedAt) });

/** Undefined for an object that was not put by imgwire. */
export function storedAtOf(imageId: string, metadata: Readonly<Record<string, string>>): StoredAt | undefined {
  const text = metadata[field] ?? '';
  return /^\d{1,13}$/.test(text) ? { imageId, storedAt: Number(text) } : undefined;
}
