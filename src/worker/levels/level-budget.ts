/** Budget of the bytes that one process may add to a folder shared by several, which keeps all files within a limit. */
export interface LevelBudget {
  /** Largest reservation that is ever granted, in bytes. */
  readonly maxReservation: number;
  /** Reserves bytes for a file. If they do not fit, returns false and trims the folder in the background. */
  reserve(bytes: number): boolean;
  /** Ends a reservation, and frees the bytes that were not added. */
  settle(reserved: number, added: number): void;
}

export interface LevelBudgetOptions {
  /** Limit of all files together. */
  maxBytes: number;
  processes: number;
  /** Scans all files, and removes some until at most this many bytes are left. Never rejects. */
  trim(bytes: number): Promise<void>;
}

/** Fraction of the limit that all processes together may add between trims. */
const additionShare = 1 / 4;

/**
 * Creates the budget of one process. One trim at a time runs in the background and frees space for many files; nothing
 * can be reserved before the first has ended.
 */
export function createLevelBudget({ maxBytes, processes, trim }: LevelBudgetOptions): LevelBudget {
  const maxReservation = (maxBytes * additionShare) / processes;
  let available = 0;
  let unsettled = 0;
  /** Bytes that may have been written after the running trim looked for them. */
  let unseen = 0;
  let isTrimming = false;

  async function refill(): Promise<void> {
    if (isTrimming) return;
    isTrimming = true;
    unseen = unsettled;
    await trim(maxBytes * (1 - additionShare));
    available = Math.max(0, maxReservation - unseen);
    isTrimming = false;
  }

  void refill();
  return {
    maxReservation,
    reserve(bytes) {
      const fits = bytes <= available;
      if (fits) {
        available -= bytes;
        unsettled += bytes;
        unseen += bytes;
      }
      if (!fits || available < maxReservation / 2) void refill();
      return fits;
    },
    settle(reserved, added) {
      unsettled -= reserved;
      available += reserved - added;
    },
  };
}
