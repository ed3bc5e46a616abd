import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { command, nodeFlags } from './command.ts';
import { closeWith, type Owner, temporaryFolder } from './owner.ts';
import { storeSettings } from './store.ts';

export interface LogLine {
  msg: string;
  part: string;
  pid: number;
  [field: string]: unknown;
}

export interface Service {
  /** E.g. `http://127.0.0.1:40001`. */
  http: string;
  /** E.g. `tcp://127.0.0.1:40002`. */
  zmq: string;
  child: ChildProcess;
  dataDir: string;
  /** Every line logged so far. */
  logs: LogLine[];
  /** Resolves with the first line, past or future, that matches. */
  waitForLog(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Sends the signal and resolves with how the process ended. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface ServiceOptions {
  /** Environment variables on top of those that isolate the service: free ports and its own data folder. */
  env?: Record<string, string>;
  /** An existing data folder, which is kept. Default: a new one, removed after the test. */
  dataDir?: string;
  /** A file to run instead of the command. */
  command?: string;
  /** An executable with arguments, to run instead of `node` and the command. */
  executable?: readonly string[];
}

/** Starts the built service on free ports, and stops it after the test. */
export async function startService(t: Owner, options: ServiceOptions = {}): Promise<Service> {
  const dataDir = options.dataDir ?? join(await temporaryFolder(t, 'test'), 'data');
  const [file = '', ...args] = options.executable ?? [process.execPath, ...nodeFlags, options.command ?? command];
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutSettings(process.env),
      IMGWIRE_PORT: '0',
      IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
      IMGWIRE_DATA_DIR: dataDir,
      ...(await storeSettings(dataDir, options.env)),
      ...options.env,
    },
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const stop: Service['stop'] = (signal = 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };
  closeWith(t, () => {
    if (child.exitCode === null && child.signalCode === null) return stop();
  });

  const logs: LogLine[] = [];
  let waiting: { matches: (line: LogLine) => boolean; resolve: (line: LogLine) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as LogLine;
    logs.push(line);
    waiting = waiting.filter(({ matches, resolve }) => {
      if (!matches(line)) return true;
      resolve(line);
      return false;
    });
  });
  // Not `exit`: the last lines may be read after it.
  const closed = once(child, 'close').then(([code, signal]) => {
    throw new Error(`The service ended before it logged this: ${signal ?? code}`);
  });
  closed.catch(() => {});
  const waitForLog: Service['waitForLog'] = (matches) => {
    const past = logs.find(matches);
    if (past !== undefined) return Promise.resolve(past);
    return Promise.race([new Promise<LogLine>((resolve) => waiting.push({ matches, resolve })), closed]);
  };

  const failed = exited.then(({ code, signal }) => {
    throw new Error(`The service ended before it was ready: ${signal ?? code}`);
  });
  failed.catch(() => {});
  const ready = await Promise.race([waitForLog(({ msg }) => msg === 'ready'), failed]);
  return { http: String(ready.http), zmq: String(ready.zmq), child, dataDir, logs, waitForLog, stop };
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('IMGWIRE_')));
}
