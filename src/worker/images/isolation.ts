import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RequestError } from '../../contract/errors.ts';
import type { ErrorReply } from '../../contract/message-schemas.ts';
import { errorOf } from '../../contract/messages.ts';
import type { WorkerStage } from '../../contract/stages.ts';
import type { Logger } from '../../log.ts';
import type { Tasks } from './tasks.ts';

export interface TaskCall {
  name: keyof Tasks;
  args: unknown[];
}

export type TaskResult =
  | { type: 'ready' }
  | { type: 'done'; value: unknown }
  | { type: 'failed'; error: ErrorReply; stage: WorkerStage | undefined; cause: string }
  | { type: typeof memoryExceeded };

export const memoryExceeded = 'out of memory';

export interface IsolationOptions {
  /** Time limit of a task. */
  timeoutMs: number;
  /** Time limit for starting a process; default `timeoutMs`. */
  startTimeoutMs?: number;
  /** How long an idle process is kept; default 10,000. */
  idleMs?: number;
  entry?: string;
  log: Logger;
}

/** Runs tasks in processes that can be killed at any time. */
export interface Isolation {
  /**
   * @throws RequestError the task's own; `unprocessable_image` on timeout, memory limit or crash; `worker_lost` after
   * two processes were killed from outside; `overloaded` if none starts in time
   */
  run<N extends keyof Tasks>(name: N, args: Parameters<Tasks[N]>): ReturnType<Tasks[N]>;
  close(): void;
}

// Same folder and extension as this file, in the source and in the build.
const defaultEntry = fileURLToPath(new URL(`./isolated${extname(import.meta.url)}`, import.meta.url));

/**
 * Variables for the loader, Node.js and fontconfig. None of ours are passed on: the process renders untrusted SVGs. Yarn's
 * Plug'n'Play finds packages by a hook in NODE_OPTIONS.
 */
const passedVariable = /^(PATH|LD_LIBRARY_PATH|NODE_OPTIONS|HOME|LANG|LC_.+|XDG_.+|FONTCONFIG_.+)$/;

const defaultIdleMs = 10_000;

/** Tries of a task whose process is killed from outside. */
const maxTries = 2;

type LossReason = 'time' | 'memory' | 'crash' | 'external';

/** Starts a process per concurrent task, and keeps an idle one for the next task. */
export function createIsolation(options: IsolationOptions): Isolation {
  const { timeoutMs, startTimeoutMs = timeoutMs, idleMs = defaultIdleMs, entry = defaultEntry, log } = options;
  const all = new Set<ChildProcess>();
  /** Kept because starting a process takes longer than most tasks. */
  let spare: ChildProcess | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  async function start(): Promise<ChildProcess> {
    const child = fork(entry, {
      // No output: a sender could fill the log with librsvg's warnings.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => passedVariable.test(name))),
    });
    all.add(child);
    log.debug({ isolated_pid: child.pid }, 'isolated process started');
    child.on('error', (err) => log.warn({ err }, 'isolated process failed'));
    child.on('exit', () => {
      all.delete(child);
      if (spare === child) spare = undefined;
      log.debug({ isolated_pid: child.pid }, 'isolated process ended');
    });
    if (await isReady(child, startTimeoutMs)) return child;
    const { pid, exitCode, signalCode } = child;
    if (pid !== undefined)
      log.warn({ isolated_pid: pid, code: exitCode, signal: signalCode }, 'isolated process failed');
    child.kill('SIGKILL');
    throw new RequestError('overloaded', 'The process that renders images did not start');
  }

  async function acquire(): Promise<ChildProcess> {
    clearTimeout(idleTimer);
    const child = spare;
    spare = undefined;
    return child ?? start();
  }

  function release(child: ChildProcess): void {
    if (spare !== undefined || !child.connected) {
      child.kill('SIGKILL');
      return;
    }
    spare = child;
    idleTimer = setTimeout(() => {
      spare = undefined;
      child.kill('SIGKILL');
    }, idleMs).unref();
  }

  /** @returns the result, or the reason why the process was lost before it */
  function execute(child: ChildProcess, call: TaskCall): Promise<TaskResult | LossReason> {
    return new Promise((resolve) => {
      let reason: LossReason | undefined;
      const finish = (outcome: TaskResult | LossReason) => {
        clearTimeout(limit);
        child.off('message', onMessage).off('exit', onExit);
        resolve(outcome);
      };
      const onMessage = (result: TaskResult) => {
        if (result.type === memoryExceeded) reason ??= 'memory';
        else finish(result);
      };
      const onExit = (_code: number | null, signal: NodeJS.Signals | null) =>
        finish(reason ?? (signal === 'SIGKILL' || signal === 'SIGTERM' ? 'external' : 'crash'));
      const limit = setTimeout(() => {
        reason ??= 'time';
        child.kill('SIGKILL');
      }, timeoutMs);
      child.on('message', onMessage).on('exit', onExit);
      if (child.exitCode === null && child.signalCode === null) child.send(call, () => {});
      else finish('external');
    });
  }

  async function run(call: TaskCall): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const child = await acquire();
      const outcome = await execute(child, call);
      if (typeof outcome !== 'string') {
        release(child);
        return unwrap(outcome);
      }
      log.warn({ task: call.name, end: outcome, isolated_pid: child.pid }, 'isolated process lost');
      if (outcome !== 'external') throw unprocessable(outcome, timeoutMs);
      if (tries === maxTries) throw lostTwice();
    }
  }

  return {
    run: (name, args) => run({ name, args }) as never,
    close() {
      clearTimeout(idleTimer);
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

/** @returns false if the process exits first, or on timeout */
async function isReady(child: ChildProcess, timeoutMs: number): Promise<boolean> {
  const settled = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), settled.signal]);
  // A process that fails to start emits only `error`, which rejects `once`.
  const ready = once(child, 'message', { signal }).then(() => true);
  const ended = once(child, 'exit', { signal }).then(() => false);
  try {
    return await Promise.race([ready, ended]).catch(() => false);
  } finally {
    settled.abort();
    await Promise.allSettled([ready, ended]);
  }
}

function unwrap(result: TaskResult): unknown {
  if (result.type === 'done') return result.value;
  if (result.type !== 'failed') throw new Error(`Expected the result of a task but received ${result.type}`);
  if (result.error.code === 'internal') throw new Error('An isolated task failed', { cause: result.cause });
  throw errorOf(result.error, result.stage);
}

function unprocessable(reason: Exclude<LossReason, 'external'>, timeoutMs: number): RequestError {
  const explanations = {
    time: `takes longer than ${timeoutMs} ms`,
    memory: 'takes too much memory',
    crash: 'crashed the process that rendered it',
  };
  const message = `Expected an image that can be rendered but this one ${explanations[reason]}`;
  return new RequestError('unprocessable_image', message, { stage: 'decode' });
}

function lostTwice(): RequestError {
  return new RequestError(
    'worker_lost',
    'Expected a rendered image but lost the rendering process twice; send the request again',
  );
}
