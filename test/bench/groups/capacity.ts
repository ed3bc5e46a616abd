import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closeWith } from '../../helpers/owner.ts';
import { startSeaweedFs } from '../../store/engines/seaweedfs.ts';
import { type Bench, fetchOk, measureRate, median, reportValue } from '../measure.ts';
import { startSubject } from '../subject.ts';

const formats = ['jpeg', 'webp', 'avif', 'png'];
const widths = [320, 720, 1280];

/**
 * Results per second of one worker, whose two heavy lanes can use two CPUs, and bytes transferred per request. Rates
 * are for all CPUs together; the groups of cold files have CPU time per result.
 */
export async function capacity(bench: Bench): Promise<void> {
  const subject = await startSubject(bench, { IMGWIRE_WORKERS: '1' });
  for (const format of formats) {
    for (const width of widths) {
      const url = () => `${subject.unique().replace('width=720', `width=${width}`)}&format=${format}`;
      const rates: number[] = [];
      await fetchOk(url());
      for (let round = 0; round < bench.rounds; round += 1) {
        rates.push(await measureRate(format === 'avif' ? 8 : 24, 2, () => fetchOk(url())));
      }
      reportValue(bench, `resizes to ${width} pixels as ${format}, one worker`, `${median(rates).toFixed(1)} /s`);
    }
  }
  await traffic(bench);
}

/** Bytes of single requests between client and gateway, and between node and bucket. */
async function traffic(bench: Bench): Promise<void> {
  const engine = await startSeaweedFs(bench);
  const bucket = await startMeter(bench, engine.endpoint);
  const settings = { IMGWIRE_S3_BUCKET: await engine.createBucket(), IMGWIRE_S3_ENDPOINT: bucket.url };
  const subject = await startSubject(bench, { ...engine.env, ...settings, IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const client = await startMeter(bench, subject.http);
  const url = () => subject.unique().replace(subject.http, client.url);
  const computed = url();
  await fetchOk(computed);
  for (const [what, one] of [
    ['computed result', url()],
    ['result from disk', computed],
    ['original', `${client.url}/images/${subject.imageId}`],
  ] as const) {
    // A result is stored in the bucket after its answer.
    await delay(500);
    client.readAndReset();
    bucket.readAndReset();
    const { length } = await fetchOk(one);
    await delay(500);
    const [outer, inner] = [client.readAndReset(), bucket.readAndReset()];
    reportValue(
      bench,
      `${what}, ${length} bytes`,
      `client ${outer.sent} B up, ${outer.received} B down; bucket ${inner.sent} B up, ${inner.received} B down`,
    );
  }
}

/** Starts a TCP proxy that counts bytes. */
async function startMeter(bench: Bench, target: string) {
  const { hostname, port } = new URL(target);
  const counts = { sent: 0, received: 0 };
  const server = createServer((inbound) => {
    const outbound = connect(Number(port), hostname);
    inbound.on('data', ({ length }) => {
      counts.sent += length;
    });
    outbound.on('data', ({ length }) => {
      counts.received += length;
    });
    inbound.pipe(outbound).pipe(inbound);
    for (const socket of [inbound, outbound]) {
      socket.on('error', () => {
        inbound.destroy();
        outbound.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(bench, () => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** @returns bytes since the last call */
    readAndReset() {
      const current = { ...counts };
      Object.assign(counts, { sent: 0, received: 0 });
      return current;
    },
  };
}
