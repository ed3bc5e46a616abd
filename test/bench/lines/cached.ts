import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, compare, http, httpRate, ok, reportRatio, startReference } from '../measure.ts';
import { type Subject, startSubject } from '../subject.ts';

/** Results that are there already, beside what Fastify sends at best. */
export async function cached(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const fromDisk = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const path = `/images/${subject.imageId}?width=${await widthOf(subject, 60_000)}`;
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

/** The width of a result of about so many bytes: what a page shows most of. */
async function widthOf({ http: address, imageId }: Subject, bytes: number): Promise<number> {
  let [least, most] = [16, 4096];
  while (most - least > 8) {
    const middle = Math.round((least + most) / 2);
    const { length } = await ok(`${address}/images/${imageId}?width=${middle}`);
    if (length < bytes) least = middle;
    else most = middle;
  }
  return least;
}
