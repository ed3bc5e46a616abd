/** Interns watermark ids as small, reference-counted integers: far fewer than results. */
export function createWatermarkTable() {
  const numbers = new Map<string, number>();
  const ids: string[] = [''];
  /** Number of entries with each watermark, and the first of them. */
  const refCounts: number[] = [0];
  const heads: number[] = [0];
  const freeNumbers: number[] = [];

  function allocate(id: string): number {
    const number = freeNumbers.pop() ?? ids.length;
    numbers.set(id, number);
    ids[number] = id;
    refCounts[number] = 0;
    heads[number] = 0;
    return number;
  }

  return {
    heads,
    /** @returns 0 for an image that no result has as watermark */
    find: (id: string) => numbers.get(id) ?? 0,
    idOf: (number: number) => (number === 0 ? undefined : ids[number]),
    /** Takes a reference for one entry, until `release`. */
    acquire(id: string): number {
      const number = numbers.get(id) ?? allocate(id);
      refCounts[number] = (refCounts[number] as number) + 1;
      return number;
    },
    release(id: string): void {
      const number = numbers.get(id) as number;
      refCounts[number] = (refCounts[number] as number) - 1;
      if (refCounts[number] !== 0) return;
      numbers.delete(id);
      freeNumbers.push(number);
    },
  };
}
