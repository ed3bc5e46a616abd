import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { LaneHost } from '../dispatch/pool.ts';
import { enforceMemoryLimit } from './memory-limit.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';
import { type RestartReason, startWorkerSlot, type WorkerSlot } from './worker-slot.ts';

export interface SupervisorOptions {
  count: number;
  entry: string;
  /** Folder for the next worker's sockets. */
  socketDir(): string;
  /** Resident bytes over which a worker is replaced; 0 for none. */
  memoryLimit: number;
  dispatcher: { attach(host: LaneHost): void; retire(host: LaneHost): Promise<void> };
  log: Logger;
}

/**
 * Lanes per worker. Light lanes keep a retrieve from waiting behind a slow resize. Measured throughput relative to bare
 * sharp, on two CPUs with four requests for a 6-megapixel photograph in flight: one heavy lane per worker 82 % (idle
 * between jobs), two 90 %, three 92 % at 40 MB more each. Uploads of 100 kB, 32 in flight: eight light lanes take about
 * 7 % less CPU time than four, since more fsyncs overlap, and sixteen about 12 %, but hold as many images in memory.
 */
const weights: readonly Weight[] = [...Array<Weight>(2).fill('heavy'), ...Array<Weight>(8).fill('light')];

/** Keeps the worker processes running, and within their memory limit. */
export function createSupervisor(options: SupervisorOptions) {
  const { count, entry, socketDir, memoryLimit, dispatcher, log } = options;
  const slots: WorkerSlot[] = [];
  const restarts: Record<RestartReason, number> = { crash: 0, external: 0, killed: 0, memory: 0 };
  let stopLimit = () => {};

  function launch(named: { name: string; isReplacement: boolean }): WorkerProcess {
    const worker = startWorkerProcess({ ...named, entry, socketDir: socketDir(), weights, log });
    worker.ready.then(
      () => dispatcher.attach(worker),
      () => {},
    );
    return worker;
  }

  return {
    /** Resolves when all workers are ready; rejects with the reason if one cannot start. */
    async start(): Promise<void> {
      for (let slot = 0; slot < count; slot += 1) {
        const onRestart = (reason: RestartReason) => {
          restarts[reason] += 1;
        };
        slots.push(startWorkerSlot({ slot, launch, retire: dispatcher.retire, onRestart, log }));
      }
      await Promise.all(slots.map(({ worker }) => worker.ready));
      if (memoryLimit > 0) stopLimit = enforceMemoryLimit({ slots, limitBytes: memoryLimit, log });
    },
    /** One per slot, without replaced ones that have yet to end. */
    workers: (): WorkerProcess[] => slots.map(({ worker }) => worker),
    /** Total restarts by reason. */
    restarts: (): Readonly<Record<RestartReason, number>> => restarts,
    async close(): Promise<void> {
      stopLimit();
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}
