import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RequestError } from '../../contract/errors.ts';
import { errorOf } from '../../contract/messages.ts';
import type { ErrorReply } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { Tasks } from './tasks.ts';

/** What an isolated process is asked. */
export interface TaskCall {
  name: keyof Tasks;
  args: unknown[];
}

/** What it says: that it takes tasks, how one ended, or that it would need too much memory. */
export type TaskResult =
  | { type: 'ready' }
  | { type: 'done'; value: unknown }
  | { type: 'failed'; error: ErrorReply; cause: string }
  | { type: typeof memoryExit };

export const memoryExit = 'out of memory';

export interface IsolationOptions {
  /** Longest time that a task may take, in milliseconds. */
  timeoutMs: number;
  log: Logger;
}

/** Runs tasks in processes that can be ended at any time without harm to others. */
export interface Isolation {
  /** @throws RequestError the task's own, and `unprocessable_image` where it takes too long, too much memory, or its process down */
  run<N extends keyof Tasks>(name: N, args: Parameters<Tasks[N]>): ReturnType<Tasks[N]>;
  close(): void;
}

// Source and build alike: the file stands beside this one, with the same extension.
const entry = fileURLToPath(new URL(`./isolated${extname(import.meta.url)}`, import.meta.url));

/** A task whose process was ended by someone else is tried this often in all. */
const maxTries = 2;

type End = 'time' | 'memory' | 'crash' | 'external';

export function createIsolation({ timeoutMs, log }: IsolationOptions): Isolation {
  const all = new Set<ChildProcess>();
  /** One process is kept for the next task: starting one takes longer than most tasks. */
  let spare: ChildProcess | undefined;

  async function start(): Promise<ChildProcess> {
    // What librsvg has to say of a drawing goes nowhere: whoever sends it could fill the log with that.
    const child = fork(entry, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
    all.add(child);
    child.on('error', (err) => log.warn({ err }, 'isolated process failed'));
    child.on('exit', () => {
      all.delete(child);
      if (spare === child) spare = undefined;
    });
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return child;
  }

  async function take(): Promise<ChildProcess> {
    const child = spare;
    spare = undefined;
    return child ?? start();
  }

  function giveBack(child: ChildProcess): void {
    if (spare === undefined && child.connected) spare = child;
    else child.kill('SIGKILL');
  }

  /** Has a process do one task; resolves with how the process ended where it did. */
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
      if (outcome !== 'external' || tries === maxTries) throw refused(outcome, timeoutMs);
    }
  }

  return {
    run: (name, args) => run({ name, args }) as never,
    close() {
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

function unwrap(result: TaskResult): unknown {
  if (result.type === 'done') return result.value;
  if (result.type !== 'failed') throw new Error(`Expected the result of a task but received ${result.type}`);
  if (result.error.code === 'internal') throw new Error('An isolated task failed', { cause: result.cause });
  throw errorOf(result.error);
}

function refused(end: End, timeoutMs: number): RequestError {
  const why: Record<End, string> = {
    time: `takes longer than ${timeoutMs} ms`,
    memory: 'takes too much memory',
    crash: 'ended the process that drew it',
    external: 'lost the process that drew it',
  };
  return new RequestError('unprocessable_image', `Expected an image that can be drawn but this one ${why[end]}`);
}
