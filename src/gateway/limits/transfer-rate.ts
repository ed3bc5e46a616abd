/** The slowest transfer that is waited for. */
export interface TransferRateLimits {
  /** Least average between two checks, in bytes a second. */
  bytesPerSecond: number;
  /** Milliseconds between checks, and before the first. */
  intervalMs: number;
}

/** An eighth of a slow mobile connection (1 Mbit/s): memory is held for as long as a transfer takes. */
export const defaultTransferRate: TransferRateLimits = { bytesPerSecond: 16_384, intervalMs: 10_000 };

/**
 * Watches a transfer, and calls back once, at the first check that finds it slower than the limit.
 * @param transferred bytes so far
 * @returns stops watching; further calls do nothing
 */
export function watchTransferRate(
  transferred: () => number,
  onTooSlow: () => void,
  { bytesPerSecond, intervalMs }: TransferRateLimits,
): () => void {
  const least = (bytesPerSecond * intervalMs) / 1000;
  let atLastCheck = transferred();
  const timer = setInterval(() => {
    const now = transferred();
    if (now - atLastCheck >= least) {
      atLastCheck = now;
      return;
    }
    clearInterval(timer);
    onTooSlow();
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
