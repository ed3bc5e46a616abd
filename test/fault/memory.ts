import { readFileSync } from 'node:fs';

/** Bytes of memory that a process has, and the most that it ever had. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

/** Settings for a gateway, and the bytes that docs/deployment.md promises that it stays under. */
export function memoryPromise(inflightBytes: number, cacheBytes: number, connections = 0) {
  const env = {
    IMGWIRE_INFLIGHT_BYTES: String(inflightBytes),
    IMGWIRE_CACHE_MEMORY_BYTES: String(cacheBytes),
  };
  const connectionBytes = Math.max(0, connections - 1000) * 30_000;
  return { env, gatewayBytes: inflightBytes + cacheBytes + 170_000_000 + connectionBytes };
}

export type ProcessKind = 'gateway' | 'worker' | 'drawer';

export interface MemoryWatch {
  /** Most bytes that one process of a kind ever had. */
  peaks: Record<ProcessKind, number>;
  stop(): void;
}

/** Watches the gateway with this id, its workers and the processes that draw, those that end meanwhile too. */
export function watchMemory(gateway: number): MemoryWatch {
  const peaks = { gateway: 0, worker: 0, drawer: 0 };
  const kinds: ProcessKind[] = ['gateway', 'worker', 'drawer'];
  const visit = (pid: number, depth: number) => {
    const kind = kinds[depth];
    if (kind === undefined) return;
    try {
      peaks[kind] = Math.max(peaks[kind], memoryOf(pid).peak || 0);
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      for (const child of children) visit(Number(child), depth + 1);
    } catch {
      // Ended.
    }
  };
  const timer = setInterval(() => visit(gateway, 0), 20);
  return { peaks, stop: () => clearInterval(timer) };
}

export const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
