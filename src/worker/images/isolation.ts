import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RequestError } from '../../contract/errors.ts';
import { errorOf } from '../../contract/messages.ts';
import type { ErrorReply } from '../../contract/operations.ts';
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
  | { type: typeof memoryExit };

export const memoryExit = 'out of memory';

export interface IsolationOptions {
  /** Per task. */
  timeoutMs: number;
  /** Per process; default `timeoutMs`. */
  startTimeoutMs?: number;
  /** Kept without a task. */
  idleMs?: number;
  entry?: string;
  log: Logger;
}

/** Runs tasks in processes that can be killed any time. */
export interface Isolation {
  /**
   * @throws RequestError the task's; `unprocessable_image` on timeout, memory limit, crash; `worker_lost` where two were
   * killed from outside; `overloaded` if none starts
   */
  run<N extends keyof Tasks>(name: N, args: Parameters<Tasks[N]>): ReturnType<Tasks[N]>;
  close(): void;
}

// Same folder and extension in source and build.
const defaultEntry = fileURLToPath(new URL(`./isolated${extname(import.meta.url)}`, import.meta.url));

/** For Node.js and fontconfig. Nothing of ours: untrusted drawings run there. */
const neededVariable = /^(PATH|HOME|LANG|LC_.+|XDG_.+|FONTCONFIG_.+)$/;

const defaultIdleMs = 10_000;

/** Of a task whose process was killed from outside. */
const maxTries = 2;

type End = 'time' | 'memory' | 'crash' | 'external';

/** Starts a process per concurrent task; keeps one while tasks come in. */
export function createIsolation(options: IsolationOptions): Isolation {
  const { timeoutMs, startTimeoutMs = timeoutMs, idleMs = defaultIdleMs, entry = defaultEntry, log } = options;
  const all = new Set<ChildProcess>();
  /** Starting one takes longer than most tasks. */
  let spare: ChildProcess | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  async function start(): Promise<ChildProcess> {
    const child = fork(entry, {
      // A sender could fill the log with librsvg's warnings.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => neededVariable.test(name))),
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
    child.kill('SIGKILL');
    throw new RequestError('overloaded', 'The process that draws images did not start in time');
  }

  async function take(): Promise<ChildProcess> {
    clearTimeout(idleTimer);
    const child = spare;
    spare = undefined;
    return child ?? start();
  }

  function giveBack(child: ChildProcess): void {
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

  /** Resolves with why the process ended if it did first. */
  function exchange(child: ChildProcess, call: TaskCall): Promise<TaskResult | End> {
    return new Promise((resolve) => {
      let end: End | undefined;
      const finish = (outcome: TaskResult | End) => {
        clearTimeout(limit);
        child.off('message', onMessage).off('exit', onExit);
        resolve(outcome);
      };
      const onMessage = (result: TaskResult) => {
        if (result.type === memoryExit) end ??= 'memory';
        else finish(result);
      };
      const onExit = (_code: number | null, signal: NodeJS.Signals | null) =>
        finish(end ?? (signal === 'SIGKILL' || signal === 'SIGTERM' ? 'external' : 'crash'));
      const limit = setTimeout(() => {
        end ??= 'time';
        child.kill('SIGKILL');
      }, timeoutMs);
      child.on('message', onMessage).on('exit', onExit);
      if (child.exitCode === null && child.signalCode === null) child.send(call, () => {});
      else finish('external');
    });
  }

  async function run(call: TaskCall): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const child = await take();
      const outcome = await exchange(child, call);
      if (typeof outcome !== 'string') {
        giveBack(child);
        return unwrap(outcome);
      }
      log.warn({ task: call.name, end: outcome, isolated_pid: child.pid }, 'isolated process lost');
      if (outcome !== 'external') throw refused(outcome, timeoutMs);
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

/** False on exit or timeout. */
async function isReady(child: ChildProcess, timeoutMs: number): Promise<boolean> {
  const settled = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), settled.signal]);
  // A failed start emits only `error`, which rejects `once`.
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

function refused(end: Exclude<End, 'external'>, timeoutMs: number): RequestError {
  const why = {
    time: `takes longer than ${timeoutMs} ms`,
    memory: 'takes too much memory',
    crash: 'ended the process that drew it',
  };
  const message = `Expected an image that can be drawn but this one ${why[end]}`;
  return new RequestError('unprocessable_image', message, { stage: 'decode' });
}

function lostTwice(): RequestError {
  return new RequestError(
    'worker_lost',
    'Expected a drawing but lost the process that draws twice; send the request again',
  );
}
