import { type Context, Dealer } from 'zeromq';

/** An endpoint on which nothing can listen. */
const nowhere = 'ipc:///dev/null/imgwire';

/** A barrier for libzmq's I/O thread. */
export interface IoBarrier {
  /** Resolves once the I/O thread has processed all commands issued before. */
  passed(): Promise<void>;
  close(): void;
}

/**
 * Creates a barrier: the I/O thread processes commands in order, so a failed attempt to connect shows that all before
 * are done.
 * @param context must have a single I/O thread
 */
export function createIoBarrier(context: Context): IoBarrier {
  const probe = new Dealer({ context, linger: 0, reconnectInterval: 3_600_000 });
  let waiting: (() => void)[] = [];
  const resolveAll = () => {
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  };

  async function watch(): Promise<void> {
    for await (const { type } of probe.events) if (type === 'close') resolveAll();
  }
  // Closing the probe ends the iteration with an error.
  watch().then(resolveAll, resolveAll);

  return {
    async passed() {
      if (probe.closed) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        probe.connect(nowhere);
      });
      if (!probe.closed) probe.disconnect(nowhere);
    },
    close() {
      if (probe.closed) return;
      probe.events.close();
      probe.close();
    },
  };
}
