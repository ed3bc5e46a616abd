import { readlink } from 'node:fs/promises';
import { setPriority } from 'node:os';

/**
 * Nice value (setpriority(2)) of the threads that images are worked on in; 0 is that of all others, and 19 the humblest.
 * The images made in a second were the same with 0, 5, 10, 15 and 19.
 */
const niceness = 10;

/** How many threads libuv has for work, where `UV_THREADPOOL_SIZE` does not say. */
const defaultPoolSize = 4;

/** Threads are found by chance: each look is served by whichever is free. Three to six looks find all four. */
const maxLooks = 100;

/**
 * Lets the threads that work on images stand back: for the gateway, and for the thread of this process that takes requests,
 * which have little to do, but at once. With all heavy lanes at AVIF, the p99 of retrieves of 100 kB is 11 to 13 ms so,
 * and 14 to 18 ms where the whole process stands back.
 * On Linux a priority is a thread's, and libvips's threads inherit that of libuv's, which start them.
 * A refusal, or another system, changes nothing but the order.
 */
export async function lowerPriority(): Promise<void> {
  for (const thread of await poolThreads()) {
    try {
      setPriority(thread, niceness);
    } catch {
      // Not ours to set.
    }
  }
}

/** libuv's threads, which alone can tell who they are: each follows a link that leads whoever looks to itself. */
async function poolThreads(): Promise<Set<number>> {
  const size = Number(process.env.UV_THREADPOOL_SIZE) || defaultPoolSize;
  const threads = new Set<number>();
  try {
    for (let looks = 0; threads.size < size && looks < maxLooks; looks += 1) {
      const links = await Promise.all(Array.from({ length: size }, () => readlink('/proc/thread-self')));
      for (const link of links) threads.add(Number(link.split('/').at(-1)));
    }
  } catch {
    // No Linux.
  }
  return threads;
}
