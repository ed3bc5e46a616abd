export type Send = (frames: Buffer[]) => Promise<Buffer[]>;

/** How to talk to a kind of upstream. */
export interface Protocol {
  readonly name: 'imgwire' | 'plain';
  /** Milliseconds to wait for a ping's reply; undefined if pings queue behind work. */
  readonly pingTimeoutMs: number | undefined;
  /**
   * Sends a request in a worker's format to the upstream.
   * @returns frames in the format of a worker's reply, for errors of the upstream too
   * @throws LaneLost if the request must go to another lane
   */
  exchange(frames: Buffer[], send: Send): Promise<Buffer[]>;
}
