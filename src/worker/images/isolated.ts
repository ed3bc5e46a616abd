import { errorReply } from '../../contract/messages.ts';
import { residentBytes } from '../../resident-memory.ts';
import { lowerPoolPriority } from '../priority.ts';
import { memoryExceeded, type TaskCall, type TaskResult } from './isolation.ts';
import { tasks } from './tasks.ts';

// Entry point of an isolated process.

/** Twice the largest image under the default limits, plus working memory. */
const maxResidentBytes = 1_073_741_824;
const memoryCheckMs = 50;

// process.exit would wait for sharp.
const exitNow = () => process.kill(process.pid, 'SIGKILL');

process.on('disconnect', exitNow);
if (!process.connected) exitNow();
// Ctrl-C reaches the whole process group; the worker decides when to end this process.
process.on('SIGINT', () => {});

setInterval(() => {
  if (residentBytes() > maxResidentBytes) process.send?.({ type: memoryExceeded }, exitNow);
}, memoryCheckMs).unref();

process.on('message', async ({ name, args }: TaskCall) => {
  const run = tasks[name] as (...args: unknown[]) => Promise<unknown>;
  const result: TaskResult = await run(...args).then(
    (value) => ({ type: 'done', value }),
    (error) => ({
      type: 'failed',
      error: errorReply(error, undefined),
      stage: error?.stage,
      cause: String(error?.stack ?? error),
    }),
  );
  process.send?.(result);
});

await lowerPoolPriority();
process.send?.({ type: 'ready' });
