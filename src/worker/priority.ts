import { readdirSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Added to the nice value (setpriority(2)) of a worker, and again to that of its image threads. With all heavy lanes at AVIF,
 * the p99 of retrieves of 100 kB is 12 to 15 ms on Node.js 20 and 10 to 14 on 24; without, 14 to 18 and 17 to 20
 * (`npm run bench -- wire`). Higher values only lose CPU time to other programs, a fifth per step.
 */
const steps = { worker: 3, images: 5 };

const lowestPriority = 19;

const defaultPoolSize = 4;

/** Three to six looks find all four. */
const maxLooks = 100;

/** Lowers the priority of this process below the gateway's, and that of the image threads below its main thread's. */
export async function lowerPriority(): Promise<void> {
  lower(allThreads(), steps.worker);
  await lowerImages();
}

/**
 * Lowers the priority of the image threads: on Linux it is per thread, and libvips threads inherit that of the libuv
 * threads that start them. Does nothing on other systems, or where it is not permitted.
 */
export async function lowerImages(): Promise<void> {
  lower(await poolThreads(), steps.images);
}

function lower(threads: Iterable<number>, by: number): void {
  for (const thread of threads) {
    try {
      setPriority(thread, Math.min(lowestPriority, getPriority(thread) + by));
    } catch {
      // Ended, or not permitted.
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

/** Finds libuv's threads: each resolves a link that points to the thread reading it. */
async function poolThreads(): Promise<Set<number>> {
  const size = Number(process.env.UV_THREADPOOL_SIZE) || defaultPoolSize;
  const threads = new Set<number>();
  try {
    for (let looks = 0; threads.size < size && looks < maxLooks; looks += 1) {
      const links = await Promise.all(Array.from({ length: size }, () => readlink('/proc/thread-self')));
      for (const link of links) threads.add(Number(link.split('/').at(-1)));
    }
  } catch {
    // Not Linux.
  }
  return threads;
}
