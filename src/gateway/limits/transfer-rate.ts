export interface TransferRateLimits {
  bytesPerSecond: number;
  intervalMs: number;
}

/** An eighth of a slow mobile connection (1 Mbit/s): memory is held for as long as a transfer takes. */
export const defaultTransferRate: TransferRateLimits = { bytesPerSecond: 16_384, intervalMs: 10_000 };

/**
 * Calls back once, at the first check that finds a transfer slower than the limit.
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
