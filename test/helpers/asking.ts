import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  path: string;
  status: number;
  /** By `performance.now()`. */
  startedAt: number;
}

/** Asks a service for paths again and again, and notes when each request began and how it was answered. */
export function askOnAndOn(http: string, paths: readonly string[], pauseMs = 0) {
  const answers: Answer[] = [];
  let isOn = true;
  const loops = paths.map(async (path) => {
    while (isOn) {
      const startedAt = performance.now();
      answers.push({ path, status: await statusOf(http, path), startedAt });
      if (pauseMs > 0) await delay(pauseMs);
    }
  });
  return {
    answers,
    async stop(): Promise<void> {
      isOn = false;
      await Promise.all(loops);
    },
  };
}

export async function statusOf(http: string, path: string): Promise<number> {
  const response = await fetch(http + path);
  await response.arrayBuffer();
  return response.status;
}
