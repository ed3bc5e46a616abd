import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { lowerPriority } from './priority.ts';
import { createWorker, type Worker } from './worker.ts';

// A worker process. Its arguments are the endpoints to take requests at; the gateway that started it speaks over IPC.

let worker: Worker | undefined;

// Without its gateway there is nobody to work for. It may have gone while the modules were loaded.
process.on('disconnect', leave);
if (process.channel === null) leave();

function leave(): void {
  // process.exit waits for the image that sharp is at. The store is made to be killed at any time.
  if (worker?.isBusy()) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}

// Ctrl-C reaches the whole process group, and it is the gateway that ends its workers: after their work.
process.on('SIGINT', () => {});

process.on('message', (message: { type?: unknown; n?: unknown }) => {
  // A gateway that ended just now is learnt of by the disconnect: without the callback it would be a crash.
  if (message?.type === 'heartbeat') process.send?.({ type: 'heartbeat', n: message.n }, () => {});
});

try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, 'worker');
  await lowerPriority();
  worker = await createWorker({ config, log, endpoints: process.argv.slice(2) });
  worker.done.catch((error) => {
    log.fatal({ err: error }, 'a lane failed');
    process.exit(1);
  });
  process.send?.({ type: 'ready' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.exitCode = 1;
  if (process.send) process.send({ type: 'failed', message }, () => process.exit());
  else process.stderr.write(`${message}\n`, () => process.exit());
}
