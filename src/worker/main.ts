import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { residentBytes } from '../resident-memory.ts';
import { lowerPriority } from './priority.ts';
import { createWorker, type Worker } from './worker.ts';

// Arguments: `--replacement` after the loss of another worker, and the lanes' endpoints. The gateway speaks over IPC.

let worker: Worker | undefined;
let memoryLimit = 0;

// The gateway may be gone already, while modules were loading.
process.on('disconnect', leave);
if (process.channel === null) leave();

function leave(): void {
  worker?.discard();
  // process.exit would wait for sharp; the store survives a kill.
  if (worker?.isBusy()) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}

// Ctrl-C reaches the process group; the gateway ends workers after their work.
process.on('SIGINT', () => {});

process.on('message', (message: { type?: unknown; n?: unknown }) => {
  if (message?.type !== 'heartbeat') return;
  // Garbage is no reason to be replaced.
  if (memoryLimit > 0 && residentBytes() > memoryLimit) void globalThis.gc?.();
  const answer = { type: 'heartbeat', n: message.n, memory: residentBytes() };
  // The callback swallows a lost gateway; `disconnect` handles it.
  process.send?.(answer, () => {});
});

try {
  const config = readConfig(process.env);
  memoryLimit = config.workerMemoryBytes;
  // Whoever debugs wants to see what a worker began before it crashed.
  const isDebugging = ['trace', 'debug'].includes(config.logLevel);
  const log = createLog(config.logLevel, 'worker', { batchMs: isDebugging ? 0 : 50 });
  await lowerPriority();
  const { values, positionals: endpoints } = parseArgs({
    options: { replacement: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  worker = await createWorker({ config, log, endpoints, isReplacement: values.replacement });
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
