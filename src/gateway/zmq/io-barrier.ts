import { type Context, Dealer } from 'zeromq';

/** Nothing listens here. */
const nowhere = 'ipc:///dev/null/imgwire';

/** Tells when libzmq's I/O thread has done what it was told before. */
export interface IoBarrier {
  passed(): Promise<void>;
  close(): void;
}

/** @param context with one I/O thread, which takes commands in order: here, to connect to nowhere */
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
  // Closing ends it with an error.
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
