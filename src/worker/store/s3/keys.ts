import type { ResultIdentity } from '../../../contract/result-key.ts';
import { idPattern } from '../layout.ts';

/** An image is stored under its id. All other keys start with a letter after f, so ids come first in a listing. */
export const isImageKey = (key: string) => idPattern.test(key);

/** Sorts after every id, and before all other keys of the store. */
export const afterIds = 'g';

export const newestPrefix = 'newest/';

/** The largest 13-digit number of milliseconds since the epoch, in 2286. */
const maxTime = 9_999_999_999_999;
const timeDigits = 13;

export interface StoredAt {
  imageId: string;
  /** Milliseconds since the epoch. */
  storedAt: number;
}

/** Key of an upload's marker; the latest upload sorts first. */
export function newestKey({ imageId, storedAt }: StoredAt): string {
  return `${newestPrefix}${String(maxTime - storedAt).padStart(timeDigits, '0')}-${imageId}`;
}

export function parseNewestKey(key: string): StoredAt | undefined {
  const [, time, imageId] = /^newest\/(\d{13})-([0-9a-f]{64})$/.exec(key) ?? [];
  return imageId === undefined ? undefined : { imageId, storedAt: maxTime - Number(time) };
}

const resultsPrefix = 'results/';
const watermarkedPrefix = 'watermarked/';
export const tombstonesPrefix = 'tombstones/';

type Result = Pick<ResultIdentity, 'imageId' | 'watermarkId' | 'digest'>;
type WatermarkedResult = Result & { watermarkId: string };

export const resultsPrefixOf = (imageId: string) => `${resultsPrefix}${imageId}/`;

/** Key of a result. Includes the watermark, so the key of the marker can be derived from it. */
export function resultKey({ imageId, watermarkId, digest }: Result): string {
  return `${resultsPrefixOf(imageId)}${[digest, ...(watermarkId === undefined ? [] : [watermarkId])].join('-')}`;
}

export function parseResultKey(key: string): Result | undefined {
  const [, imageId, digest, watermarkId] =
    /^results\/([0-9a-f]{64})\/([0-9a-f]{32})(?:-([0-9a-f]{64}))?$/.exec(key) ?? [];
  return imageId === undefined || digest === undefined ? undefined : { imageId, watermarkId, digest };
}

export const watermarkedPrefixOf = (watermarkId: string) => `${watermarkedPrefix}${watermarkId}/`;

export function watermarkedKey({ imageId, watermarkId, digest }: WatermarkedResult): string {
  return `${watermarkedPrefixOf(watermarkId)}${imageId}/${digest}`;
}

export function parseWatermarkedKey(key: string): WatermarkedResult | undefined {
  const [, watermarkId, imageId, digest] =
    /^watermarked\/([0-9a-f]{64})\/([0-9a-f]{64})\/([0-9a-f]{32})$/.exec(key) ?? [];
  if (watermarkId === undefined || imageId === undefined || digest === undefined) return undefined;
  return { imageId, watermarkId, digest };
}

export interface Tombstone {
  imageId: string;
  /** Milliseconds since the epoch. */
  deletedAt: number;
}

/** Sorts before the tombstones of this time, and after all earlier ones. */
export const tombstonesAfter = (time: number) => `${tombstonesPrefix}${String(time).padStart(timeDigits, '0')}`;

export const tombstoneKey = ({ imageId, deletedAt }: Tombstone) => `${tombstonesAfter(deletedAt)}-${imageId}`;

export function parseTombstoneKey(key: string): Tombstone | undefined {
  const [, time, imageId] = /^tombstones\/(\d{13})-([0-9a-f]{64})$/.exec(key) ?? [];
  return imageId === undefined ? undefined : { imageId, deletedAt: Number(time) };
}
