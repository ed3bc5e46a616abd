import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes, current and peak. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

/** Settings for a gateway, and the memory limit in bytes that docs/deployment.md promises for them. */
export function documentedMemoryLimit(inflightBytes: number, cacheBytes: number, connections = 0) {
  const env = {
    IMGWIRE_INFLIGHT_BYTES: String(inflightBytes),
    IMGWIRE_CACHE_MEMORY_BYTES: String(cacheBytes),
  };
  const connectionBytes = Math.max(0, connections - 1000) * 30_000;
  return { env, gatewayBytes: inflightBytes + cacheBytes + 170_000_000 + connectionBytes };
}

export type ProcessKind = 'gateway' | 'worker' | 'svgProcess';

export interface MemoryWatch {
  /** Peak memory of a single process of each kind, in bytes. */
  peaks: Record<ProcessKind, number>;
  stop(): void;
}

/** Watches the gateway with this process id, its workers and their SVG processes, including replaced ones. */
export function watchMemory(gateway: number): MemoryWatch {
  const peaks = { gateway: 0, worker: 0, svgProcess: 0 };
  const kinds: ProcessKind[] = ['gateway', 'worker', 'svgProcess'];
  const visit = (pid: number, depth: number) => {
    const kind = kinds[depth];
    if (kind === undefined) return;
    try {
      peaks[kind] = Math.max(peaks[kind], memoryOf(pid).peak || 0);
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
      for (const child of children) visit(Number(child), depth + 1);
    } catch {
      // The process has exited.
    }
  };
  const timer = setInterval(() => visit(gateway, 0), 20);
  return { peaks, stop: () => clearInterval(timer) };
}

export const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
