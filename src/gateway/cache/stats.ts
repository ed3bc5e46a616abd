/** What a tier of the cache holds. */
export interface CacheStats {
  entries: number;
  bytes: number;
}

export const emptyCache: CacheStats = { entries: 0, bytes: 0 };
