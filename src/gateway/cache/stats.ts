/** Contents of a cache tier. */
export interface CacheStats {
  entries: number;
  bytes: number;
}

export const emptyCache: CacheStats = { entries: 0, bytes: 0 };
