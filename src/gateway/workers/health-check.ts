const intervalMs = 1000;
/** How long an answer counts as fresh, in milliseconds. */
export const freshMs = 5000;

/**
 * Creates a check that regularly pings a worker over the same path as requests.
 * @param ping asks any worker; rejects if none answers
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
    /** Version of the pipeline and its codecs; undefined until a worker has answered. */
    version: () => version,
    /** Waits for the first answer, but not for an unavailable store. */
    async start(): Promise<void> {
      timer = setInterval(() => check().catch(() => {}), intervalMs);
      await check().catch((error) => {
        if (error.code !== 'store_unavailable') throw error;
      });
    },
    stop: () => clearInterval(timer),
  };
}
