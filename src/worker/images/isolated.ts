import { errorReply } from '../../contract/messages.ts';
import { lowerImages } from '../priority.ts';
import { memoryExit, type TaskCall, type TaskResult } from './isolation.ts';
import { tasks } from './tasks.ts';

// A process for work that may take too long or too much memory: one task at a time, until its worker ends it.

/** A picture of the largest size that is taken by default, as pixels, twice over, and room for the work. */
const maxResidentBytes = 1_073_741_824;
const memoryCheckMs = 50;

// process.exit waits for the image that sharp is at.
const leave = () => process.kill(process.pid, 'SIGKILL');

process.on('disconnect', leave);
if (!process.connected) leave();
// Ctrl-C reaches the whole process group; the worker that this one belongs to decides when to end.
process.on('SIGINT', () => {});

setInterval(() => {
  if (process.memoryUsage.rss() > maxResidentBytes) process.send?.({ type: memoryExit }, leave);
}, memoryCheckMs).unref();

process.on('message', async ({ name, args }: TaskCall) => {
  const run = tasks[name] as (...args: unknown[]) => Promise<unknown>;
  const result: TaskResult = await run(...args).then(
    (value) => ({ type: 'done', value }),
    (error) => ({ type: 'failed', error: errorReply(error, undefined), cause: String(error?.stack ?? error) }),
  );
  process.send?.(result);
});

await lowerImages();
process.send?.({ type: 'ready' });
