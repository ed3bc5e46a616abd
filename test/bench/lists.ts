import type { Contender, Picture } from './contenders/contender.ts';
import { perSecond } from './load/wrk.ts';
import type { Bench } from './measure.ts';
import { copiesOf, type Source } from './sources.ts';

const calibrationSeconds = 0.5;

/** How much faster than bare sharp a contender may be before its turns end early: imgproxy's AVIF takes less effort. */
const reserve = { jpeg: 1.4, webp: 1.4, avif: 4 };

/**
 * A list for each round and one to warm up with, long enough for a turn, in which every picture is of another file.
 * @param sharp that tells how long that is
 */
export async function coldLists(
  bench: Bench,
  folder: string,
  source: Source,
  wanted: Omit<Picture, 'file'>,
  sharp: Contender,
): Promise<Picture[][]> {
  const same = Array<Picture>(10_000).fill({ ...wanted, file: source.file });
  const rate = perSecond(await sharp.run(same, calibrationSeconds));
  const count = Math.ceil(rate * bench.seconds * reserve[wanted.format ?? 'jpeg']) + 12;
  const lists: Picture[][] = [];
  for (let round = 0; round <= bench.rounds; round += 1) {
    const files = await copiesOf(source, folder, `${round}-${wanted.format ?? 'jpeg'}`, count);
    lists.push(files.map((file) => ({ ...wanted, file })));
  }
  return lists;
}

/** Different sizes and qualities of one file, all of them reductions. */
export function furtherSizes(file: string, count: number, first: number): Picture[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return { file, width: 240 + ((number * 7) % 1000), quality: 60 + (Math.floor(number / 1000) % 30) };
  });
}
