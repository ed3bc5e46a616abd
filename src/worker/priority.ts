import { readdirSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Added to the worker's nice value (setpriority(2)), then to its image threads'. p99 of retrieves of 100 kB with all
 * heavy lanes at AVIF: 12 to 15 ms on Node.js 20, 10 to 14 on 24; without: 14 to 18, 17 to 20 (`npm run bench --
 * wire`). A higher step loses a fifth of CPU time to other programs.
 */
const steps = { worker: 3, images: 5 };

const lowestPriority = 19;

const defaultPoolSize = 4;

/** Three to six find all four. */
const maxLooks = 100;

/** Below the gateway's; that of image threads, below the main thread's. */
export async function lowerPriority(): Promise<void> {
  lower(allThreads(), steps.worker);
  await lowerImages();
}

/**
 * Linux has a nice value per thread; libvips threads inherit it from the libuv threads that start them. No effect on
 * other systems or without permission.
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

/** libuv's threads: each resolves a link to the thread reading it. */
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
