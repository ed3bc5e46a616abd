import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith, type Owner } from '../../helpers/owner.ts';
import { check } from '../check.ts';
import type { Picture } from '../contenders/contender.ts';
import { startField } from '../contenders/field.ts';
import { repeat } from '../load/wrk.ts';
import { type Bench, compare, http, ok, reportRatio, startReference } from '../measure.ts';
import { race, reportRace, turns } from '../race.ts';
import { scoped } from '../scope.ts';
import { makeSource, sourceFolder } from '../sources.ts';
import { type Subject, startSubject } from '../subject.ts';

/** Results that are there already, beside what Fastify sends at best. */
export async function cached(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const fromDisk = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const path = `/images/${subject.imageId}?width=${await widthOf(subject, 60_000)}`;
  const { body, headers } = await http(subject.http + path);
  await ok(fromDisk.http + path);

  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(bench, () => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'result.jpg');
  await writeFile(file, body);
  const bare = await startReference(bench, 'bare', [file]);
  const { url, name } = bare.first as { url: string; name: string };
  const size = `${Math.round(body.length / 1000)} kB`;
  const turn = (address: string, more?: Record<string, string>) => () => repeat(address, bench.seconds, more);
  const line = async (what: string, goal: number, ours: string, theirs: string, more?: Record<string, string>) => {
    const compared = await compare(bench.rounds, turn(ours, more), turn(theirs, more));
    reportRatio(bench, what, '/s', { name: 'bare Fastify', ...compared }, goal);
  };

  await line(`result from memory, ${size}`, 0.85, subject.http + path, `${url}/buffer`);
  await line(`result from disk, ${size}`, 0.7, fromDisk.http + path, `${url}/static/${name}`);
  const ifNoneMatch = { 'if-none-match': String(headers.etag) };
  await line('304', 0.85, subject.http + path, `${url}/not-modified`, ifNoneMatch);
  await scoped((owner) => besidePeers(bench, owner));
}

/** Services without a cache do the work again: they count on a proxy before them. */
async function besidePeers(bench: Bench, owner: Owner): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, '6mp');
  const field = (await startField(owner, folder)).filter(({ url }) => url !== undefined);
  const picture = { file, width: 720, quality: 80 };
  for (const contender of field) {
    await contender.prepare([file]);
    await check(contender, picture);
  }
  const lists = Array.from({ length: turns(bench).rounds + 1 }, () => Array<Picture>(pictures).fill(picture));
  reportRace(bench, `the same picture again and again, ${label} to 720 px`, await race(bench, field, lists));
}

/** More than are answered in a turn. */
const pictures = 50_000;

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
