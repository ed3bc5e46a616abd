let last = 0;

/**
 * Resident bytes of this process. Reading them opens a file in /proc; without a free descriptor, returns the last value
 * read, and without /proc, as in a chroot, 0.
 */
export function residentBytes(): number {
  try {
    last = process.memoryUsage.rss();
  } catch {
    // No free descriptor, or no /proc.
  }
  return last;
}

// As the module loads, descriptors are still free.
residentBytes();
