import type { Contender, Picture } from './contenders/contender.ts';
import { perSecond } from './load/wrk.ts';
import type { Bench } from './measure.ts';
import { turns } from './race.ts';
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
  const { rounds, seconds } = turns(bench);
  const same = Array<Picture>(10_000).fill({ ...wanted, file: source.file });
  const rate = perSecond(await sharp.run(same, calibrationSeconds));
  const count = Math.ceil(rate * seconds * reserve[wanted.format ?? 'jpeg']) + 12;
  const lists: Picture[][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const files = await copiesOf(source, folder, `${round}-${wanted.format ?? 'jpeg'}`, count);
    lists.push(files.map((file) => ({ ...wanted, file })));
  }
  return lists;
}

export interface Widths {
  from: number;
  /** Exclusive. */
  to: number;
}

export const thumbnails: Widths = { from: 240, to: 800 };

/** Has no factor in common with the ranges of widths. */
const step = 11;

/** Different sizes and qualities of one file, each once. */
export function furtherSizes(file: string, count: number, first: number, { from, to } = thumbnails): Picture[] {
  const range = to - from;
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return { file, width: from + ((number * step) % range), quality: 60 + (Math.floor(number / range) % 35) };
  });
}
