/** Often enough to be noticed by the first request after a stall. */
const tickMs = 500;
/** Event loop delays below are no stall; deletions wait in the sockets for less than that. */
const stallMs = 2000;
/** After a stall, until what peers have sent meanwhile is read, over connections made anew at worst. */
const catchUpMs = 2500;

export interface StallWatch {
  /** False after this process was frozen, until it has caught up with its peers. */
  isCaughtUp(now?: number): boolean;
  close(): void;
}

/** Notices that this process did not run for a while, as after SIGSTOP. */
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
