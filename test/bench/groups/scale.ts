import type { Bench } from '../measure.ts';
import { cachedResults } from '../scale/cached-results.ts';
import { connections } from '../scale/connections.ts';
import { imageSize } from '../scale/image-size.ts';
import { storedImages } from '../scale/stored-images.ts';
import { waiting } from '../scale/waiting.ts';

/** How costs grow: the figures of docs/scaling.md. A million files temporarily take 5 GB and a million inodes. */
export async function scale(bench: Bench): Promise<void> {
  const counts = bench.isQuick ? [100_000] : [100_000, 1_000_000];
  await storedImages(bench, counts);
  await cachedResults(bench, counts);
  await connections(bench);
  await waiting(bench);
  await imageSize(bench);
}
