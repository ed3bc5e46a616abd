import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith, type Owner } from '../../helpers/owner.ts';
import { checkPicture } from '../check-picture.ts';
import type { Picture } from '../contenders/contender.ts';
import { startContenders } from '../contenders/start-contenders.ts';
import { repeat } from '../load/wrk.ts';
import { type Bench, compare, fetchOk, reportRatio, sendRequest, startReference } from '../measure.ts';
import { race, reportRace, roundsOf } from '../race.ts';
import { scoped } from '../scope.ts';
import { makeSource, sourceFolder } from '../sources.ts';
import { type Subject, startSubject } from '../subject.ts';

/** Cached results, compared with the best rate of Fastify. */
export async function cached(bench: Bench): Promise<void> {
  const subject = await startSubject(bench);
  const fromDisk = await startSubject(bench, { IMGWIRE_CACHE_MEMORY_BYTES: '0' });
  const path = `/images/${subject.imageId}?width=${await widthOf(subject, 60_000)}`;
  const { body, headers } = await sendRequest(subject.http + path);
  await fetchOk(fromDisk.http + path);

  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(bench, () => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'result.jpg');
  await writeFile(file, body);
  const bare = await startReference(bench, 'bare-fastify', [file]);
  const { url, name } = bare.hello as { url: string; name: string };
  const size = `${Math.round(body.length / 1000)} kB`;
  const turn = (target: string, fields?: Record<string, string>) => () => repeat(target, bench.seconds, fields);
  const line = async (what: string, goal: number, ours: string, theirs: string, fields?: Record<string, string>) => {
    const compared = await compare(bench.rounds, turn(ours, fields), turn(theirs, fields));
    reportRatio(bench, what, '/s', { name: 'bare Fastify', ...compared }, goal);
  };

  await line(`result from memory, ${size}`, 0.85, subject.http + path, `${url}/buffer`);
  await line(`result from disk, ${size}`, 0.7, fromDisk.http + path, `${url}/static/${name}`);
  const ifNoneMatch = { 'if-none-match': String(headers.etag) };
  await line('304', 0.85, subject.http + path, `${url}/not-modified`, ifNoneMatch);
  await scoped((owner) => comparePeers(bench, owner));
}

/** Services without a cache redo the work: they rely on a caching proxy in front of them. */
async function comparePeers(bench: Bench, owner: Owner): Promise<void> {
  const folder = await sourceFolder(owner);
  const { label, file } = await makeSource(folder, bench.image, '6mp');
  const services = (await startContenders(owner, folder)).filter(({ url }) => url !== undefined);
  const picture = { file, width: 720, quality: 80 };
  for (const contender of services) {
    await contender.prepare([file]);
    await checkPicture(contender, picture);
  }
  const lists = Array.from({ length: roundsOf(bench).rounds + 1 }, () => Array<Picture>(listLength).fill(picture));
  reportRace(bench, `the same image repeatedly, ${label} to 720 px`, await race(bench, services, lists));
}

/** More than can be answered in a turn. */
const listLength = 50_000;

/** Finds a width whose result has about this many bytes. */
async function widthOf({ http: address, imageId }: Subject, bytes: number): Promise<number> {
  let [low, high] = [16, 4096];
  while (high - low > 8) {
    const middle = Math.round((low + high) / 2);
    const { length } = await fetchOk(`${address}/images/${imageId}?width=${middle}`);
    if (length < bytes) low = middle;
    else high = middle;
  }
  return low;
}
