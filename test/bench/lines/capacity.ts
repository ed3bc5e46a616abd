import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closeWith } from '../../helpers/owner.ts';
import { startSeaweedFs } from '../../store/engines/seaweedfs.ts';
import { type Bench, median, ok, rate, reportValue } from '../measure.ts';
import { startSubject } from '../subject.ts';

const formats = ['jpeg', 'webp', 'avif', 'png'];
const widths = [320, 720, 1280];

/**
 * Results a second of one worker, which its two heavy lanes let use two CPUs, and the bytes that a request moves. A rate
 * here is of all CPUs: CPU time for each result is in the groups of cold files.
 */
export async function capacity(bench: Bench): Promise<void> {
  const subject = await startSubject(bench, { IMGWIRE_WORKERS: '1' });
  for (const format of formats) {
    for (const width of widths) {
      const url = () => `${subject.unique().replace('width=720', `width=${width}`)}&format=${format}`;
      const rates: number[] = [];
      await ok(url());
      for (let round = 0; round < bench.rounds; round += 1) {
        rates.push(await rate(format === 'avif' ? 8 : 24, 2, () => ok(url())));
      }
      reportValue(bench, `resizes to ${width} pixels as ${format}, one worker`, `${median(rates).toFixed(1)} /s`);
    }
  }
  await traffic(bench);
}

/** Bytes between client and gateway, and between node and bucket, for one request each. */
async function traffic(bench: Bench): Promise<void> {
  const engine = await startSeaweedFs(bench);
  const bucket = await startMeter(bench, engine.endpoint);
  const settings = { IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_S3_ENDPOINT: bucket.url };
  const subject = await startSubject(bench, { ...engine.env, ...settings, IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const client = await startMeter(bench, subject.http);
  const url = () => subject.unique().replace(subject.http, client.url);
  const made = url();
  await ok(made);
  for (const [what, one] of [
    ['result that is made', url()],
    ['result from the disk', made],
    ['original', `${client.url}/images/${subject.imageId}`],
  ] as const) {
    // A result is put into the bucket behind its answer.
    await delay(500);
    client.take();
    bucket.take();
    const { length } = await ok(one);
    await delay(500);
    const [outer, inner] = [client.take(), bucket.take()];
    reportValue(
      bench,
      `${what}, ${length} bytes`,
      `client ${outer.sent} B up, ${outer.received} B down; bucket ${inner.sent} B up, ${inner.received} B down`,
    );
  }
}

/** A proxy that counts. */
async function startMeter(bench: Bench, target: string) {
  const { hostname, port } = new URL(target);
  const counts = { sent: 0, received: 0 };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', ({ length }) => {
      counts.sent += length;
    });
    far.on('data', ({ length }) => {
      counts.received += length;
    });
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(bench, () => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = { ...counts };
      Object.assign(counts, { sent: 0, received: 0 });
      return taken;
    },
  };
}
