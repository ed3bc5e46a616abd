import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { checkCurrentFolder } from '../current-folder.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { setGcFlags } from '../gc.ts';
import { createLog } from '../log.ts';
import { version } from '../version.ts';
import type { Command } from './command.ts';

/** Has this file's extension, in the sources and in the build. */
const workerEntry = fileURLToPath(new URL(`../worker/main${extname(import.meta.url)}`, import.meta.url));

export const serve: Command = {
  summary: 'start the service; the default',
  async run(args) {
    parseArgs({ args, options: {} });
    checkCurrentFolder();
    const config = readConfig(process.env);
    setGcFlags();
    const log = createLog(config.logLevel, 'gateway', { batchMs: 50 });
    const starting = new AbortController();
    let gateway: Gateway | undefined;

    const stop = (signal: NodeJS.Signals) => {
      log.info({ signal }, 'shutting down');
      if (gateway === undefined) {
        starting.abort();
        // Some steps cannot be interrupted, such as a DNS lookup.
        setTimeout(() => process.exit(), config.shutdownTimeoutMs).unref();
        return;
      }
      gateway.close().then(
        () => log.info('stopped'),
        (error) => {
          log.fatal({ err: error }, 'shutting down failed');
          process.exitCode = 1;
        },
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

    try {
      // Imported after the signal handlers are set: loading takes most of the start, in which process 1 would ignore
      // signals and any other process die of them.
      const { startGateway } = await import('../gateway/gateway.ts');
      gateway = await startGateway({ config, workerEntry, version, log, signal: starting.signal });
    } catch (error) {
      if (!starting.signal.aborted) throw error;
      log.info('stopped');
      // Whatever such a step opens late must not keep the process running.
      process.exit();
    }
    log.info({ http: gateway.http, zmq: gateway.zmq, workers: config.workers, data: config.dataDir }, 'ready');
  },
};
