/** Deterministic pseudorandom numbers (mulberry32). */
export interface Random {
  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
  bytes(length: number): Buffer;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: (values) => values[below(values.length)] as never,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

const edges = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

/** Mutates a file in a few places: flips bits, and overwrites, removes, inserts or repeats bytes. */
export function mutate(file: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(file);
  const times = 1 + random.below(6);
  for (let turn = 0; turn < times && bytes.length > 0; turn += 1) {
    const at = random.below(bytes.length);
    const length = 1 + random.below(Math.min(64, bytes.length - at));
    const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
    const changes: (() => Buffer)[] = [
      () => Buffer.concat([head, tail]),
      () => Buffer.concat([head, part, part, tail]),
      () => Buffer.concat([head, random.bytes(length), part, tail]),
      () => Buffer.concat([head, random.bytes(length), tail]),
      () => Buffer.concat([head, Buffer.alloc(length, random.pick(edges)), tail]),
      () => head,
      () => overwritten(bytes, at, (bytes[at] as number) ^ (1 << random.below(8))),
      () => overwritten(bytes, at, random.pick(edges)),
    ];
    // In-place changes keep more of the file readable, so they get further into the decoder.
    bytes = (random.below(2) === 0 ? (changes[6 + random.below(2)] as () => Buffer) : random.pick(changes))();
  }
  return bytes;
}

function overwritten(file: Buffer, at: number, value: number): Buffer {
  const bytes = Buffer.from(file);
  bytes[at] = value;
  return bytes;
}
