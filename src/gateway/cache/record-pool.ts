const recordsPerSegment = 16_384;
const wordBytes = 4;

export type RecordPool = ReturnType<typeof createRecordPool>;

/**
 * Creates a pool of fixed-size records outside the JavaScript heap: as objects, a million would be 400 MB for each
 * garbage collection to trace. Records are numbered from 1; 0 means none.
 * @param words size of a record, in 32-bit words
 */
export function createRecordPool(words: number) {
  const segments: Int32Array[] = [];
  const buffers: Buffer[] = [];
  let allocated = 0;
  /** Head of the free list, linked through the first word of each freed record. */
  let firstFree = 0;

  const segmentOf = (record: number) => segments[Math.floor(record / recordsPerSegment)] as Int32Array;
  const at = (record: number, word: number) => (record % recordsPerSegment) * words + word;
  const get = (record: number, word: number): number => segmentOf(record)[at(record, word)] as number;
  const set = (record: number, word: number, value: number): void => {
    segmentOf(record)[at(record, word)] = value;
  };

  return {
    get,
    set,
    /** @returns a zeroed record */
    allocate(): number {
      if (firstFree !== 0) {
        const record = firstFree;
        firstFree = get(record, 0);
        set(record, 0, 0);
        return record;
      }
      allocated += 1;
      if (allocated >= segments.length * recordsPerSegment) {
        const segment = new Int32Array(recordsPerSegment * words);
        segments.push(segment);
        buffers.push(Buffer.from(segment.buffer));
      }
      return allocated;
    },
    free(record: number): void {
      segmentOf(record).fill(0, at(record, 0), at(record, words));
      set(record, 0, firstFree);
      firstFree = record;
    },
    /** Bytes from a word on, as hex. */
    hex(record: number, word: number, bytes: number): string {
      const start = at(record, word) * wordBytes;
      return (buffers[Math.floor(record / recordsPerSegment)] as Buffer).toString('hex', start, start + bytes);
    },
    setHex(record: number, word: number, digits: string): void {
      (buffers[Math.floor(record / recordsPerSegment)] as Buffer).write(digits, at(record, word) * wordBytes, 'hex');
    },
  };
}

/**
 * Creates intrusive doubly linked lists of records, addressed by list number.
 * @param previous word with a record's predecessor; the next word has its successor
 * @param heads first record of each list
 */
export function createLinkedLists(records: RecordPool, previous: number, heads: Record<number, number>) {
  const next = previous + 1;
  return {
    first: (list: number) => heads[list] ?? 0,
    next: (record: number) => records.get(record, next),
    add(list: number, record: number): void {
      const first = heads[list] ?? 0;
      records.set(record, next, first);
      if (first !== 0) records.set(first, previous, record);
      heads[list] = record;
    },
    delete(list: number, record: number): void {
      const before = records.get(record, previous);
      const after = records.get(record, next);
      if (before === 0) heads[list] = after;
      else records.set(before, next, after);
      if (after !== 0) records.set(after, previous, before);
    },
  };
}
