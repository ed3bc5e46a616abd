import { readdirSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Increments of the nice value (setpriority(2)): of the whole worker, then of its image threads. p99 of retrieving 100
 * kB while all heavy lanes encode AVIF: 12 to 15 ms on Node.js 20, 10 to 14 on 24; without: 14 to 18, 17 to 20
 * (`npm run bench -- wire`). A higher increment loses a fifth of CPU time to other programs.
 */
const increments = { worker: 3, images: 5 };

/** The highest nice value. */
const lowestPriority = 19;

const defaultPoolSize = 4;

/** Three to six attempts find all four threads. */
const maxAttempts = 100;

/** Lowers the worker's priority below the gateway's, and that of its image threads below its main thread's. */
export async function lowerPriority(): Promise<void> {
  lower(allThreads(), increments.worker);
  await lowerPoolPriority();
}

/**
 * Lowers the priority of libuv's thread pool. Linux has a nice value per thread, which libvips threads inherit from the
 * libuv threads that start them. No effect on other systems or without permission.
 */
export async function lowerPoolPriority(): Promise<void> {
  lower(await poolThreads(), increments.images);
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

/** Ids of libuv's pool threads: /proc/thread-self names whichever of them resolves it. */
async function poolThreads(): Promise<Set<number>> {
  const size = Number(process.env.UV_THREADPOOL_SIZE) || defaultPoolSize;
  const threads = new Set<number>();
  try {
    for (let attempts = 0; threads.size < size && attempts < maxAttempts; attempts += 1) {
      const links = await Promise.all(Array.from({ length: size }, () => readlink('/proc/thread-self')));
      for (const link of links) threads.add(Number(link.split('/').at(-1)));
    }
  } catch {
    // Not Linux.
  }
  return threads;
}
