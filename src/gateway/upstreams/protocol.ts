export type Send = (frames: Buffer[]) => Promise<Buffer[]>;

/** How a kind of upstream is spoken to. */
export interface Protocol {
  readonly name: 'imgwire' | 'plain';
  /** Milliseconds that an answer to a ping may take; undefined where it may have to wait for work. */
  readonly patienceMs: number | undefined;
  /**
   * Sends what was meant for a worker.
   * @returns frames as a worker's, errors of the upstream included
   * @throws LaneLost where another lane has to do it
   */
  exchange(frames: Buffer[], send: Send): Promise<Buffer[]>;
}
