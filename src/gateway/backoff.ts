const firstMs = 100;
const maxMs = 5000;

/** What ran for longer than this, in milliseconds, is started again without a pause. */
export const healthyMs = 5000;

/** @returns the pause after so many failures in a row, in milliseconds: 100, doubled with each, up to 5000; 0 after none */
export function backoffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(firstMs * 2 ** (failures - 1), maxMs);
}
