import { createTurns } from '../turns.ts';

const maxCodeBits = 12;
const colours = 256;

/** The highest colour index that a frame does not use; undefined if it uses all. */
export async function unusedColour(file: Buffer, dataAt: number): Promise<number | undefined> {
  // With fewer bits, no code reaches the highest index.
  if ((file[dataAt] ?? 0) < 8) return colours - 1;
  const used = await usedColours(file, dataAt);
  for (let index = colours - 1; index >= 0; index -= 1) if (!used.has(index)) return index;
  return undefined;
}

/** The colour indexes that a frame uses, by its LZW data (GIF89a, appendix F). */
export async function usedColours(file: Buffer, dataAt: number): Promise<Set<number>> {
  const minBits = file[dataAt] ?? 0;
  const clear = 1 << minBits;
  const used = new Set<number>();
  // Only literal codes count: table codes repeat colours sent since the last clear.
  let bits = minBits + 1;
  let next = clear + 2;
  let isFirst = true;
  let [pending, pendingBits] = [0, 0];
  const pause = createTurns();
  for (const block of subBlocks(file, dataAt + 1)) {
    for (const byte of block) {
      pending |= byte << pendingBits;
      pendingBits += 8;
      while (pendingBits >= bits) {
        const code = pending & ((1 << bits) - 1);
        pending >>>= bits;
        pendingBits -= bits;
        if (code === clear) [bits, next, isFirst] = [minBits + 1, clear + 2, true];
        else if (code === clear + 1) return used;
        else {
          if (code < clear && used.add(code).size === clear) return used;
          // The first code after a clear adds no entry.
          if (isFirst) isFirst = false;
          else if (next < 1 << maxCodeBits) next += 1;
          if (next === 1 << bits && bits < maxCodeBits) bits += 1;
        }
      }
    }
    const paused = pause();
    if (paused !== undefined) await paused;
  }
  return used;
}

function* subBlocks(file: Buffer, from: number): Generator<Buffer> {
  for (let at = from; at < file.length && file[at] !== 0; at += 1 + (file[at] as number)) {
    yield file.subarray(at + 1, at + 1 + (file[at] as number));
  }
}
