const intervalMs = 1000;
/** Milliseconds that an answer counts. */
export const freshMs = 5000;

/**
 * Creates a check that pings the workers regularly, in the way that every request takes.
 * @param ping asks any worker; rejects where none answers
 */
export function createWorkerHealthCheck(ping: () => Promise<{ version: string }>) {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let version: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    version = (await ping()).version;
    answeredAt = performance.now();
  }

  return {
    isFresh: () => performance.now() - answeredAt < freshMs,
    /** Of the pipeline and its codecs, once a worker has answered. */
    version: () => version,
    /** Does not wait for a store that is away. */
    async start(): Promise<void> {
      timer = setInterval(() => check().catch(() => {}), intervalMs);
      await check().catch((error) => {
        if (error.code !== 'store_unavailable') throw error;
      });
    },
    stop: () => clearInterval(timer),
  };
}
