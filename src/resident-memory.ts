let last = process.memoryUsage.rss();

/** Resident bytes of this process. It opens a file: where descriptors have run out, they are those of the last call, or of the start. */
export function residentBytes(): number {
  try {
    last = process.memoryUsage.rss();
  } catch {
    // EMFILE or ENFILE.
  }
  return last;
}
