let last = 0;

/**
 * Resident bytes of this process. Reading them opens a file in /proc; if that fails, returns the last value read, at
 * first 0.
 */
export function residentBytes(): number {
  try {
    last = process.memoryUsage.rss();
  } catch {
    // No free descriptor, or no /proc, as in a chroot.
  }
  return last;
}
