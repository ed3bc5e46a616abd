import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Weight } from '../../contract/operations.ts';
import { gcFlags } from '../../gc.ts';
import type { Logger } from '../../log.ts';
import { createLane, type Lane } from '../dispatch/lane.ts';
import type { Death } from '../dispatch/pool.ts';
import { passOutputOn } from './worker-output.ts';

export type WorkerProcess = ReturnType<typeof startWorkerProcess>;

export interface WorkerProcessOptions {
  name: string;
  /** Whether it follows one that has served. */
  isReplacement: boolean;
  entry: string;
  socketDir: string;
  weights: readonly Weight[];
  log: Logger;
}

const outsideSignals: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** Work runs in threads, so a worker answers heartbeats within milliseconds; after several missed ones it counts as frozen. */
const heartbeatMs = 500;
const maxMissedHeartbeats = 8;

/**
 * glibc keeps freed memory. Two arenas instead of one a thread: sharp alone after 40 resizes has 103 MB resident instead
 * of 157. Its thresholds may grow: at their first 128 kB a worker after a PNG of 64 megapixels has 104 MB instead of 134,
 * but maps each large buffer anew, and originals of 5 MB go over ZeroMQ at 125 a second instead of 156.
 */
const workerMemory = { MALLOC_ARENA_MAX: '2' };

/** Decoders read files of strangers. */
const withoutSecrets = {
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
    env: { ...workerMemory, ...process.env, ...withoutSecrets },
  });
  passOutputOn(child, log);
  const lanes: Lane[] = [];
  let reasonOfKill: string | undefined;
  let failure: string | undefined;
  let missedHeartbeats = 0;
  let isClosing = false;
  let memoryBytes = 0;
  const startedAt = performance.now();

  const kill = (reason: string) => {
    reasonOfKill ??= reason;
    child.kill('SIGKILL');
  };

  const startLimit = setTimeout(() => kill(`not ready within ${startTimeoutMs} ms`), startTimeoutMs);
  const heartbeat = setInterval(() => {
    if (lanes.length === 0) return;
    missedHeartbeats += 1;
    if (missedHeartbeats > maxMissedHeartbeats) {
      log.warn({ worker: name, worker_pid: child.pid }, 'worker is frozen');
      // Counts as a loss from outside, since no job can be told to be the cause.
      child.kill('SIGKILL');
    } else if (child.connected) child.send({ type: 'heartbeat' }, () => {});
  }, heartbeatMs);

  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: { type: string; message?: string; memory?: number }) => {
      missedHeartbeats = 0;
      if (message.memory !== undefined) memoryBytes = message.memory;
      if (message.type === 'failed') failure = message.message;
      // Messages may come after the end.
      if (message.type !== 'ready' || child.exitCode !== null || child.signalCode !== null) return;
      clearTimeout(startLimit);
      try {
        for (const [index, endpoint] of endpoints.entries()) lanes.push(createLane(endpoint, weights[index] as Weight));
      } catch (error) {
        return kill(`no lane to it: ${error instanceof Error ? error.message : error}`);
      }
      log.info({ worker: name, worker_pid: child.pid }, 'worker started');
      resolve();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(
        new Error(failure ?? reasonOfKill ?? `Worker ended before it was ready (${signal ?? `exit code ${code}`})`),
      );
    });
  });
  ready.catch(() => {});

  const ended = new Promise<Death>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      memoryBytes = 0;
      clearInterval(heartbeat);
      clearTimeout(startLimit);
      for (const lane of lanes) lane.close();
      for (const path of paths) rmSync(path, { force: true });
      const death = reasonOfKill === undefined ? (outsideSignals.has(signal) ? 'external' : 'crash') : 'killed';
      const details = { worker: name, worker_pid: child.pid, code, signal, death, reason: reasonOfKill ?? failure };
      if (reasonOfKill === gatewayEnds) log.debug(details, 'worker ended');
      else if (isClosing) log.info(details, 'worker ended');
      else log.warn(details, 'worker lost');
      resolve(death);
    };
    child.on('exit', end);
    child.on('error', () => end(null, null));
  });

  return {
    name,
    lanes,
    /** Resolves when the worker serves its lanes; rejects, with the reason, where it ends before. */
    ready,
    ended,
    kill,
    /** Resident bytes, as of its last heartbeat; 0 before the first and after its end. */
    get memoryBytes() {
      return memoryBytes;
    },
    /** Milliseconds since its start. */
    get age() {
      return performance.now() - startedAt;
    },
    async close(reason = gatewayEnds): Promise<void> {
      isClosing = true;
      reasonOfKill ??= reason;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), closeTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

const gatewayEnds = 'the gateway ends';
