import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

const niceness = 5;

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
