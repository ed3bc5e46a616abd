import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { startGateway } from '../gateway/gateway.ts';
import { createLog } from '../log.ts';
import { version } from '../version.ts';
import type { Command } from './command.ts';

/** Source and build alike: the worker's entry has this file's extension. */
const workerEntry = fileURLToPath(new URL(`../worker/main${extname(import.meta.url)}`, import.meta.url));

export const serve: Command = {
  summary: 'start the service; the default',
  async run(args) {
    parseArgs({ args, options: {} });
    const config = readConfig(process.env);
    const log = createLog(config.logLevel, 'gateway', { behind: true });
    const gateway = await startGateway({ config, workerEntry, version, log });
    log.info({ http: gateway.http, zmq: gateway.zmq, workers: config.workers, data: config.dataDir }, 'ready');

    const stop = (signal: NodeJS.Signals) => {
      log.info({ signal }, 'shutting down');
      gateway.close().then(
        () => log.info('stopped'),
        (error) => {
          log.fatal({ err: error }, 'shutting down failed');
          process.exitCode = 1;
        },
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  },
};
