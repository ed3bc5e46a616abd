import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * The workers' nice value (setpriority(2): -20 goes first, 19 last; the gateway's is 0).
 * With all heavy lanes at AVIF, the p99 of retrieves of 100 kB was 20 ms with 10, 26 ms with 5, and 21 and 22 ms with 15 and 19;
 * the images made in a second were the same with all.
 */
const niceness = 10;

/**
 * Lets this process stand back for the gateway, which has little to do, but at once.
 * On Linux a priority is a thread's, and the threads that sharp works on may have been started already.
 * A refusal changes nothing but the order.
 */
export function lowerPriority(): void {
  for (const thread of threads()) {
    try {
      setPriority(thread, niceness);
    } catch {
      // It has ended, or is not ours to set.
    }
  }
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}
