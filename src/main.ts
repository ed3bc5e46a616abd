#!/usr/bin/env -S node --expose-gc --heap-growing-percent=200 --max-semi-space-size=8
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig, variables } from './config.ts';
import { startGateway } from './gateway/gateway.ts';
import { createLog } from './log.ts';
import { version } from './version.ts';

const usage = `Usage: imgwire [options]

Stores images and serves any size and format of them, over HTTP and ZeroMQ.

Options:
  --help     show this text
  --version  show the version

Environment variables, and what holds where they are not set:
${variables.map(({ name, initial, description }) => `  ${name} (${initial})\n      ${description}`).join('\n')}
`;

/** Source and build alike: the worker's entry stands beside this file, with the same extension. */
const workerEntry = fileURLToPath(new URL(`./worker/main${extname(import.meta.url)}`, import.meta.url));

async function serve(): Promise<void> {
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
}

/** A mistake in how the command was called. */
const exitUsage = 2;

async function main(): Promise<void> {
  try {
    const { values } = parseArgs({ options: { help: { type: 'boolean' }, version: { type: 'boolean' } } });
    if (values.help) process.stdout.write(usage);
    else if (values.version) process.stdout.write(`${version}\n`);
    else await serve();
  } catch (error) {
    const mistake = error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`imgwire: ${(error as Error).message}\n`);
    process.exitCode = mistake ? exitUsage : 1;
  }
}

await main();
