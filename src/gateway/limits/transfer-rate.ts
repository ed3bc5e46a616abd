export interface TransferRateLimits {
  bytesPerSecond: number;
  intervalMs: number;
}

/** An eighth of a slow mobile connection (1 Mbit/s): a transfer holds its memory until it ends. */
export const defaultTransferRate: TransferRateLimits = { bytesPerSecond: 16_384, intervalMs: 10_000 };

/**
 * Calls back once, at the first interval in which the transfer was slower than the limit.
 * @param transferred total bytes so far
 * @returns stops watching; idempotent
 */
export function watchTransferRate(
  transferred: () => number,
  onTooSlow: () => void,
  { bytesPerSecond, intervalMs }: TransferRateLimits,
): () => void {
  const minBytes = (bytesPerSecond * intervalMs) / 1000;
  let previous = transferred();
  const timer = setInterval(() => {
    const now = transferred();
    if (now - previous >= minBytes) {
      previous = now;
      return;
    }
    clearInterval(timer);
    onTooSlow();
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
