import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  path: string;
  status: number;
  /** By `performance.now()`. */
  startedAt: number;
}

/** Requests each path in a loop, one request at a time per path, and records start time and status of each. */
export function startRequestLoop(http: string, paths: readonly string[], pauseMs = 0) {
  const answers: Answer[] = [];
  let isRunning = true;
  const loops = paths.map(async (path) => {
    while (isRunning) {
      const startedAt = performance.now();
      answers.push({ path, status: await statusOf(http, path), startedAt });
      if (pauseMs > 0) await delay(pauseMs);
    }
  });
  return {
    answers,
    async stop(): Promise<void> {
      isRunning = false;
      await Promise.all(loops);
    },
  };
}

export async function statusOf(http: string, path: string): Promise<number> {
  const response = await fetch(http + path);
  await response.arrayBuffer();
  return response.status;
}
