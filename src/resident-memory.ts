let last = process.memoryUsage.rss();

/**
 * Resident bytes of this process. Reading them opens a file; without a free descriptor, returns the last value read.
 */
export function residentBytes(): number {
  try {
    last = process.memoryUsage.rss();
  } catch {
    // EMFILE or ENFILE.
  }
  return last;
}
