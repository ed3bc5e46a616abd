const recordsPerSegment = 16_384;
const wordBytes = 4;

export type Records = ReturnType<typeof createRecords>;

/**
 * Creates a table of records outside of the heap: a million objects would be 400 MB that each collection of garbage has
 * to go through. Records are numbered from 1; 0 is none.
 * @param words of 32 bits in a record
 */
export function createRecords(words: number) {
  const segments: Int32Array[] = [];
  const texts: Buffer[] = [];
  let taken = 0;
  /** Freed records, each with the number of the next in its first word. */
  let freed = 0;

  const segmentOf = (record: number) => segments[Math.floor(record / recordsPerSegment)] as Int32Array;
  const at = (record: number, word: number) => (record % recordsPerSegment) * words + word;
  const get = (record: number, word: number): number => segmentOf(record)[at(record, word)] as number;
  const set = (record: number, word: number, value: number): void => {
    segmentOf(record)[at(record, word)] = value;
  };

  return {
    get,
    set,
    /** @returns a record of zeros */
    take(): number {
      if (freed !== 0) {
        const record = freed;
        freed = get(record, 0);
        set(record, 0, 0);
        return record;
      }
      taken += 1;
      if (taken >= segments.length * recordsPerSegment) {
        const segment = new Int32Array(recordsPerSegment * words);
        segments.push(segment);
        texts.push(Buffer.from(segment.buffer));
      }
      return taken;
    },
    free(record: number): void {
      segmentOf(record).fill(0, at(record, 0), at(record, words));
      set(record, 0, freed);
      freed = record;
    },
    /** Hex digits that begin at a word. */
    hex(record: number, word: number, bytes: number): string {
      const start = at(record, word) * wordBytes;
      return (texts[Math.floor(record / recordsPerSegment)] as Buffer).toString('hex', start, start + bytes);
    },
    setHex(record: number, word: number, digits: string): void {
      (texts[Math.floor(record / recordsPerSegment)] as Buffer).write(digits, at(record, word) * wordBytes, 'hex');
    },
  };
}

/**
 * Creates linked lists of records by number of the list.
 * @param previous word of a record with the number of the record before; the word behind it has the next one
 */
export function createChains(records: Records, previous: number, firsts: Record<number, number>) {
  const next = previous + 1;
  return {
    first: (chain: number) => firsts[chain] ?? 0,
    next: (record: number) => records.get(record, next),
    add(chain: number, record: number): void {
      const first = firsts[chain] ?? 0;
      records.set(record, next, first);
      if (first !== 0) records.set(first, previous, record);
      firsts[chain] = record;
    },
    delete(chain: number, record: number): void {
      const before = records.get(record, previous);
      const after = records.get(record, next);
      if (before === 0) firsts[chain] = after;
      else records.set(before, next, after);
      if (after !== 0) records.set(after, previous, before);
    },
  };
}
