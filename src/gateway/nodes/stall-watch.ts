/** Short enough for the first request after a stall to notice it. */
const tickMs = 500;
/** Shorter event-loop delays do not count as stalls; deletions are buffered in the sockets meanwhile. */
const stallMs = 2000;
/** Time after a stall to read what peers have sent, after reconnecting at worst. */
const catchUpMs = 2500;

export interface StallWatch {
  /** False after this process was frozen, until it has had time to catch up with its peers. */
  isCaughtUp(now?: number): boolean;
  close(): void;
}

/** Detects that this process was suspended, such as by SIGSTOP. */
export function watchForStalls(): StallWatch {
  let lastTick = performance.now();
  let caughtUpAt = lastTick;

  function tick(): void {
    const now = performance.now();
    if (now - lastTick > stallMs) caughtUpAt = now + catchUpMs;
    lastTick = now;
  }

  const timer = setInterval(tick, tickMs);
  return {
    isCaughtUp: (now = performance.now()) => now >= caughtUpAt && now - lastTick <= stallMs,
    close: () => clearInterval(timer),
  };
}
