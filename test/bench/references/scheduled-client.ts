import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

// Sends requests at fixed times, whether or not the ones before have been answered. A latency counts from the time that the
// request was due, so that it includes what a stalled service would have kept others waiting for.

export interface Schedule {
  urls: string[];
  perSecond: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

const answered = (url: string) =>
  new Promise<void>((resolve, reject) => {
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200)
        reject(new Error(`Expected 200 from ${url} but received ${response.statusCode}`));
      response.resume().on('end', resolve).on('error', reject);
    }).on('error', reject);
  });

process.on('message', async ({ urls, perSecond }: Schedule) => {
  const startedAt = performance.now();
  const latencies = urls.map(async (url, index) => {
    const due = startedAt + (index * 1000) / perSecond;
    await delay(due - performance.now());
    await answered(url);
    return performance.now() - due;
  });
  process.send?.({ milliseconds: await Promise.all(latencies) });
});
process.send?.({ ready: true });
