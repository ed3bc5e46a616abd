/** Creates numbers for the images that results have as watermark, few beside the results. */
export function createWatermarks() {
  const numbers = new Map<string, number>();
  const ids: string[] = [''];
  /** Entries that have it, and the first of them. */
  const uses: number[] = [0];
  const firsts: number[] = [0];
  const unused: number[] = [];

  function take(id: string): number {
    const number = unused.pop() ?? ids.length;
    numbers.set(id, number);
    ids[number] = id;
    uses[number] = 0;
    firsts[number] = 0;
    return number;
  }

  return {
    firsts,
    /** @returns 0 for an image that is no watermark */
    find: (id: string) => numbers.get(id) ?? 0,
    idOf: (number: number) => (number === 0 ? undefined : ids[number]),
    /** For one more entry, until `release`. */
    numberFor(id: string): number {
      const number = numbers.get(id) ?? take(id);
      uses[number] = (uses[number] as number) + 1;
      return number;
    },
    release(id: string): void {
      const number = numbers.get(id) as number;
      uses[number] = (uses[number] as number) - 1;
      if (uses[number] !== 0) return;
      numbers.delete(id);
      unused.push(number);
    },
  };
}
