import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

// Open-loop load: sends requests at fixed times, whether or not earlier ones were answered. Latency counts from the
// scheduled time, so that a stalled service cannot hide the stall (coordinated omission).

export interface Schedule {
  urls: string[];
  perSecond: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

const waitForOk = (url: string) =>
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
    await waitForOk(url);
    return performance.now() - due;
  });
  process.send?.({ milliseconds: await Promise.all(latencies) });
});
process.send?.({ ready: true });
