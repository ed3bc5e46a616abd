import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { connectZmq } from '../../helpers/zmq-client.ts';
import { type Bench, compare, median, ok, percentile, rate, reportRatio } from '../measure.ts';
import { startSubject } from '../subject.ts';

/** A picture of noise, of about so many bytes. */
async function noise(bytes: number): Promise<Buffer> {
  const side = Math.round(Math.sqrt(bytes / 3));
  const raw = { width: side, height: side, channels: 3 as const };
  return sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** What goes over ZeroMQ: large images, and small ones beside slow work. */
export async function wire(bench: Bench): Promise<void> {
  // Without the cache, so that it is the way to the workers and back that is measured.
  const subject = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0', IMGWIRE_CACHE_DISK_BYTES: '0' });
  const client = connectZmq(bench, subject.zmq);
  const store = async (image: Buffer) => {
    await client.call({ operation: 'upload' }, image);
    return createHash('sha256').update(image).digest('hex');
  };

  const retrieve = async (imageId: string, transfer_encoding: string) => {
    const { json, image } = await client.call({ operation: 'retrieve', image_id: imageId, transfer_encoding });
    const bytes = image ?? Buffer.from(String(json.image_data), 'base64');
    if (bytes.length !== json.size) throw new Error(`Expected ${json.size} bytes but received ${bytes.length}`);
  };

  // First: what the client of large images leaves behind, its own collector has to clear away.
  const small = await store(await noise(100_000));
  const latencies = async (times: number) => {
    const milliseconds: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const start = performance.now();
      await retrieve(small, 'binary');
      milliseconds.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return milliseconds;
  };
  const times = 200 * bench.rounds;
  await latencies(times / 10);
  const idle = await latencies(times);
  let saturated = true;
  const encoding = Array.from({ length: 2 * availableParallelism() }, async () => {
    while (saturated) await ok(`${subject.unique()}&format=avif`);
  });
  const busy = await latencies(times);
  saturated = false;
  await Promise.all(encoding);
  bench.report({
    what: 'p99 of retrieve (100 kB) while AVIF saturates all heavy lanes',
    ours: `${percentile(busy, 0.99).toFixed(1)} ms`,
    reference: `${percentile(idle, 0.99).toFixed(1)} ms idle`,
    result: `p50 ${median(busy).toFixed(1)} ms`,
    goal: 'p99 < 15 ms',
    met: percentile(busy, 0.99) < 15,
  });

  const large = await store(await noise(5_000_000));
  reportRatio(
    bench,
    'retrieve of 5 MB over ZeroMQ, binary beside base64',
    '/s',
    await compare(
      bench.rounds,
      () => rate(20, 1, () => retrieve(large, 'binary')),
      () => rate(5, 1, () => retrieve(large, 'base64')),
    ),
    8,
  );
}
