// The built service with poison-worker.mjs as its workers.
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../dist/config.js';
import { startGateway } from '../../dist/gateway/gateway.js';
import { createLog } from '../../dist/log.js';

const config = readConfig(process.env);
const log = createLog(config.logLevel, 'gateway');
const workerEntry = fileURLToPath(new URL('./poison-worker.mjs', import.meta.url));
const gateway = await startGateway({ config, workerEntry, version: '0.0.0', log });
log.info({ http: gateway.http, zmq: gateway.zmq }, 'ready');
process.on('SIGTERM', () => gateway.close());
