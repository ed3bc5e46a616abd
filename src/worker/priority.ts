import { readdirSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * By how much the nice value (setpriority(2): the humblest is 19) of a worker is above the gateway's,
 * and that of its threads in which images are worked on above the worker's.
 * With all heavy lanes at AVIF, the p99 of retrieves of 100 kB is 12 to 15 ms so, and 14 to 18 ms where all threads of a worker
 * have the same, even 10. The images made in a second are the same with all. More is not better: beside another program
 * at work, each step leaves the images a fifth less of the time of a CPU.
 */
const steps = { worker: 3, images: 5 };

const humblest = 19;

/** How many threads libuv has for work, where `UV_THREADPOOL_SIZE` does not say. */
const defaultPoolSize = 4;

/** Threads are found by chance: each look is served by whichever is free. Three to six looks find all four. */
const maxLooks = 100;

/**
 * Lets this process stand back for the one that started it, the gateway, which has little to do, but at once;
 * and within it the threads that work on images for the one that takes requests.
 */
export async function lowerPriority(): Promise<void> {
  stepBack(allThreads(), steps.worker);
  await lowerImages();
}

/**
 * Lets the threads that work on images stand back for the others of this process.
 * On Linux a priority is a thread's, and libvips's threads inherit that of libuv's, which start them.
 * A refusal, or another system, changes nothing but the order.
 */
export async function lowerImages(): Promise<void> {
  stepBack(await poolThreads(), steps.images);
}

function stepBack(threads: Iterable<number>, by: number): void {
  for (const thread of threads) {
    try {
      setPriority(thread, Math.min(humblest, getPriority(thread) + by));
    } catch {
      // It has ended, or is not ours to set.
    }
  }
}

function allThreads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
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
