import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { residentBytes } from '../resident-memory.ts';
import { lowerPriority } from './priority.ts';
import { createWorker, type Worker } from './worker.ts';

// Arguments: `--replacement` for a worker that replaces one that has served, then the endpoints of the lanes. The
// gateway's messages come over Node.js IPC.

let worker: Worker | undefined;
let memoryLimit = 0;

process.on('disconnect', exitWithGateway);
// The gateway may have gone while modules were loading.
if (process.channel === null) exitWithGateway();

function exitWithGateway(): void {
  worker?.removeUnfinished();
  // process.exit would wait for sharp; the store survives a SIGKILL.
  if (worker?.isBusy()) process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}

// Ctrl-C reaches the whole process group; the gateway stops workers once their work is done.
process.on('SIGINT', () => {});

process.on('message', (message: { type?: unknown }) => {
  if (message?.type !== 'heartbeat') return;
  // Garbage alone must not get the worker replaced.
  if (memoryLimit > 0 && residentBytes() > memoryLimit) void globalThis.gc?.();
  // The callback ignores the error of a lost gateway, which `disconnect` handles.
  process.send?.({ type: 'heartbeat', memory: residentBytes() }, () => {});
});

try {
  const config = readConfig(process.env);
  memoryLimit = config.workerMemoryBytes;
  // Unbatched for debugging: a crash would lose the lines about the work that caused it.
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
