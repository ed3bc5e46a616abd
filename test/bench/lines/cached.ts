import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, compare, http, httpRate, ok, reportRatio, startReference } from '../measure.ts';
import { startSubject } from '../subject.ts';

/** Results that are there already, beside what Fastify sends at best. */
export async function cached(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const fromDisk = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const path = `/images/${subject.imageId}?width=1800`;
  const { body, headers } = await http(subject.http + path);
  await ok(fromDisk.http + path);

  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  bench.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'result.jpg');
  await writeFile(file, body);
  const bare = await startReference(bench, 'bare', [file]);
  const { url, name } = bare.first as { url: string; name: string };
  const size = `${Math.round(body.length / 1000)} kB`;
  const turn = (address: string, more?: Record<string, string>) => () => httpRate(address, bench.seconds, more);

  reportRatio(
    bench,
    `result from memory, ${size}`,
    '/s',
    await compare(bench.rounds, turn(subject.http + path), turn(`${url}/buffer`)),
    0.85,
  );
  reportRatio(
    bench,
    `result from disk, ${size}`,
    '/s',
    await compare(bench.rounds, turn(fromDisk.http + path), turn(`${url}/static/${name}`)),
    0.7,
  );
  const ifNoneMatch = { 'if-none-match': String(headers.etag) };
  reportRatio(
    bench,
    '304',
    '/s',
    await compare(bench.rounds, turn(subject.http + path, ifNoneMatch), turn(`${url}/not-modified`, ifNoneMatch)),
    0.85,
  );
}
