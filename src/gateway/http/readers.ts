/** The pages of other origins that may read answers in a browser. */
export interface Readers {
  /** Whether the answer differs by origin: a cache must not give one origin what was meant for another. */
  readonly vary: boolean;
  /** What Access-Control-Allow-Origin says to a page, where it may read. */
  allowed(origin: string | undefined): string | undefined;
}

/** What a script may read of an answer beside what every one may (Fetch, 3.3.2). */
export const exposedHeaders =
  'Accept-Ranges, Content-Disposition, Content-Range, ETag, Location, Retry-After, Server-Timing, X-Request-Id';

/** @param corsOrigins `*` stands for all */
export function createReaders(corsOrigins: readonly string[]): Readers {
  const origins = new Set(corsOrigins);
  if (origins.has('*')) return { vary: false, allowed: () => '*' };
  return {
    vary: origins.size > 0,
    allowed: (origin) => (origin !== undefined && origins.has(origin) ? origin : undefined),
  };
}
