/** What one process may add to a folder that several processes add to, so that all files stay within a limit. */
export interface LevelRoom {
  /** Most bytes that `take` ever gives at once. */
  readonly most: number;
  /** Whether so many bytes may be added now. Where not, room is made in the background, for whoever asks next. */
  take(bytes: number): boolean;
  /** Of what was taken, so many bytes have been added. */
  settle(taken: number, added: number): void;
}

export interface LevelRoomOptions {
  /** Limit of all files together. */
  maxBytes: number;
  processes: number;
  /** Removes files until at most so many bytes are left, for which it looks at all of them. Never rejects. */
  trim(bytes: number): Promise<void>;
}

/** Of the limit, which all processes together may add until their next trims. */
const addedPart = 1 / 4;

/** Trims for many files at once, one trim at a time, which nobody waits for. Gives nothing before the first. */
export function createLevelRoom({ maxBytes, processes, trim }: LevelRoomOptions): LevelRoom {
  const most = (maxBytes * addedPart) / processes;
  let left = 0;
  let unsettled = 0;
  /** Bytes that the trim at hand may have looked for before they were written. */
  let unseen = 0;
  let isTrimming = false;

  async function makeRoom(): Promise<void> {
    if (isTrimming) return;
    isTrimming = true;
    unseen = unsettled;
    await trim(maxBytes * (1 - addedPart));
    left = Math.max(0, most - unseen);
    isTrimming = false;
  }

  void makeRoom();
  return {
    most,
    take(bytes) {
      const fits = bytes <= left;
      if (fits) {
        left -= bytes;
        unsettled += bytes;
        unseen += bytes;
      }
      if (!fits || left < most / 2) void makeRoom();
      return fits;
    },
    settle(taken, added) {
      unsettled -= taken;
      left += taken - added;
    },
  };
}
