import type { Contender, Picture } from './contenders/contender.ts';
import { perSecond } from './load/wrk.ts';
import type { Bench } from './measure.ts';
import { roundsOf } from './race.ts';
import { copiesOf, type Source } from './sources.ts';

const calibrationSeconds = 0.5;

/** Length of a list, as a multiple of what bare sharp encodes in a turn: imgproxy encodes AVIF with less effort. */
const headroom = { jpeg: 1.4, webp: 1.4, avif: 4 };

/**
 * Lists pictures, each of another file, for a warm-up turn and for each round.
 * @param sharp run briefly first: its rate determines how long the lists are
 */
export async function coldLists(
  bench: Bench,
  folder: string,
  source: Source,
  wanted: Omit<Picture, 'file'>,
  sharp: Contender,
): Promise<Picture[][]> {
  const { rounds, seconds } = roundsOf(bench);
  const calibration = Array<Picture>(10_000).fill({ ...wanted, file: source.file });
  const rate = perSecond(await sharp.run(calibration, calibrationSeconds));
  const count = Math.ceil(rate * seconds * headroom[wanted.format ?? 'jpeg']) + 12;
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

/** Coprime to the ranges of widths, so that each width comes once before any repeats. */
const step = 11;

/** Lists pictures of one file, each with another width or quality. */
export function uniquePictures(file: string, count: number, first: number, { from, to } = thumbnails): Picture[] {
  const range = to - from;
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return { file, width: from + ((number * step) % range), quality: 60 + (Math.floor(number / range) % 35) };
  });
}
