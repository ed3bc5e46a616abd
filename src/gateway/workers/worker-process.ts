import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Weight } from '../../contract/operations.ts';
import { gcFlags } from '../../gc.ts';
import type { Logger } from '../../log.ts';
import { createLane, type Lane } from '../dispatch/lane.ts';
import type { Death } from '../dispatch/pool.ts';
import { forwardOutput } from './worker-output.ts';

export type WorkerProcess = ReturnType<typeof startWorkerProcess>;

export interface WorkerProcessOptions {
  name: string;
  /** Whether it replaces a worker that has served. */
  isReplacement: boolean;
  entry: string;
  socketDir: string;
  weights: readonly Weight[];
  log: Logger;
}

const externalSignals: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** Work runs in threads, so a worker answers heartbeats within milliseconds; one that misses several is frozen. */
const heartbeatMs = 500;
const maxMissedHeartbeats = 8;

/**
 * glibc retains freed memory per arena. With two arenas instead of one per thread, sharp alone has 103 MB resident
 * after 40 resizes instead of 157. glibc's thresholds stay dynamic: fixed at their initial 128 kB, a worker has 104 MB
 * resident after a PNG of 64 megapixels instead of 134, but maps every large buffer anew, and sends 125 originals of
 * 5 MB a second over ZeroMQ instead of 156.
 */
const mallocSettings = { MALLOC_ARENA_MAX: '2' };

/** Kept from workers, since their decoders process untrusted files. */
const clearedSecrets = {
  IMGWIRE_API_KEYS: '',
  IMGWIRE_SIGNING_KEYS: '',
  IMGWIRE_CURVE_SECRET_KEY: '',
  IMGWIRE_PURGE_URL: '',
  IMGWIRE_PURGE_HEADER: '',
  OTEL_EXPORTER_OTLP_HEADERS: '',
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: '',
};

const closeTimeoutMs = 1000;

const startTimeoutMs = 30_000;

/** Starts a worker as a child process and watches it. */
export function startWorkerProcess(options: WorkerProcessOptions) {
  const { name, isReplacement, entry, socketDir, weights, log } = options;
  const paths = weights.map((_, index) => join(socketDir, `${name}.${index}`));
  const endpoints = paths.map((path) => `ipc://${path}`);
  const child = fork(entry, [...(isReplacement ? ['--replacement'] : []), ...endpoints], {
    execArgv: [...process.execArgv.filter((flag) => !gcFlags.includes(flag)), ...gcFlags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...mallocSettings, ...process.env, ...clearedSecrets },
  });
  forwardOutput(child, log);
  const lanes: Lane[] = [];
  let killReason: string | undefined;
  let failure: string | undefined;
  let missedHeartbeats = 0;
  let isClosing = false;
  let memoryBytes = 0;
  const startedAt = performance.now();

  const kill = (reason: string) => {
    killReason ??= reason;
    child.kill('SIGKILL');
  };

  const startTimer = setTimeout(() => kill(`not ready within ${startTimeoutMs} ms`), startTimeoutMs);
  const heartbeat = setInterval(() => {
    if (lanes.length === 0) return;
    missedHeartbeats += 1;
    if (missedHeartbeats > maxMissedHeartbeats) {
      log.warn({ worker: name, worker_pid: child.pid }, 'worker is frozen');
      // Without a kill reason this counts as an external loss: no job can be identified as the cause.
      child.kill('SIGKILL');
    } else if (child.connected) child.send({ type: 'heartbeat' }, () => {});
  }, heartbeatMs);

  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: { type: string; message?: string; memory?: number }) => {
      missedHeartbeats = 0;
      if (message.memory !== undefined) memoryBytes = message.memory;
      if (message.type === 'failed') failure = message.message;
      // Messages may arrive after the exit.
      if (message.type !== 'ready' || child.exitCode !== null || child.signalCode !== null) return;
      clearTimeout(startTimer);
      try {
        for (const [index, endpoint] of endpoints.entries()) lanes.push(createLane(endpoint, weights[index] as Weight));
      } catch (error) {
        return kill(`cannot open its lanes: ${error instanceof Error ? error.message : error}`);
      }
      log.info({ worker: name, worker_pid: child.pid }, 'worker started');
      resolve();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(new Error(failure ?? killReason ?? `Worker ended before it was ready (${signal ?? `exit code ${code}`})`));
    });
  });
  ready.catch(() => {});

  const ended = new Promise<Death>((resolve) => {
    const onEnd = (code: number | null, signal: NodeJS.Signals | null) => {
      memoryBytes = 0;
      clearInterval(heartbeat);
      clearTimeout(startTimer);
      for (const lane of lanes) lane.close();
      for (const path of paths) removeSocket(path);
      const death = killReason === undefined ? (externalSignals.has(signal) ? 'external' : 'crash') : 'killed';
      const details = { worker: name, worker_pid: child.pid, code, signal, death, reason: killReason ?? failure };
      if (killReason === gatewayClosing) log.debug(details, 'worker ended');
      else if (isClosing) log.info(details, 'worker ended');
      else log.warn(details, 'worker lost');
      resolve(death);
    };
    child.on('exit', onEnd);
    child.on('error', () => onEnd(null, null));
  });

  return {
    name,
    lanes,
    /** Resolves when the worker serves its lanes; rejects with the reason if it ends before. */
    ready,
    ended,
    kill,
    /** Resident bytes as of the last heartbeat; 0 before the first and after the exit. */
    get memoryBytes() {
      return memoryBytes;
    },
    /** Milliseconds since its start. */
    get age() {
      return performance.now() - startedAt;
    },
    async close(reason = gatewayClosing): Promise<void> {
      isClosing = true;
      killReason ??= reason;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), closeTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Leaves a socket that cannot be removed, as on a read-only file system, to the removal of its folder. */
function removeSocket(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Sockets of later workers have other names.
  }
}

const gatewayClosing = 'gateway shutting down';
