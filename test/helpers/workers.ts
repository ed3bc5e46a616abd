import type { Service } from './service.ts';

/** Process ids of a service's running workers, according to its log. */
export function workerPids({ logs }: Service): number[] {
  const pids = new Set<number>();
  for (const { msg, worker_pid } of logs) {
    if (msg === 'worker started') pids.add(Number(worker_pid));
    if (msg === 'worker lost' || msg === 'worker ended') pids.delete(Number(worker_pid));
  }
  return [...pids];
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sends a signal to a worker that may just have exited. */
export function signalWorker(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
