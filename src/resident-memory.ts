// First read as the module loads, when descriptors are still free.
let last = read(0);

/**
 * Resident bytes of this process. Reading them opens a file in /proc; without a free descriptor, returns the last value
 * read, and without /proc, as in a chroot, 0.
 */
export function residentBytes(): number {
  last = read(last);
  return last;
}

function read(fallback: number): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return fallback;
  }
}
