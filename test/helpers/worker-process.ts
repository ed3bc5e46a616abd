import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Request } from 'zeromq';
import { storeSettings } from './store.ts';

const entry = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));

export interface StartedWorker {
  child: ChildProcess;
  /** Its first message: `ready`, or `failed` with the reason. */
  first: { type: string; message?: string };
  /** Its log lines so far, parsed. */
  log: Record<string, unknown>[];
  /** Sends a request and waits for the reply. */
  ask(...frames: (object | string | Buffer)[]): Promise<{ reply: Record<string, unknown>; frames: Buffer[] }>;
  stop(): Promise<void>;
}

export interface WorkerProcessOptions {
  env?: Record<string, string>;
  endpoint?: string;
}

/** Starts a worker as the gateway does, with its own folder and endpoint. */
export async function startWorker({ env = {}, endpoint }: WorkerProcessOptions = {}): Promise<StartedWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-worker-'));
  const dataDir = join(folder, 'data');
  const address = endpoint ?? `ipc://${join(folder, 'lane')}`;
  const child = fork(entry, [address], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH, IMGWIRE_DATA_DIR: dataDir, ...(await storeSettings(dataDir, env)), ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const log: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => log.push(JSON.parse(line)));
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The worker ended with ${code ?? signal} before its first message`);
  });
  const [first] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});

  const socket = new Request({ linger: 0, receiveTimeout: 30_000 });
  if (first.type === 'ready') socket.connect(address);

  return {
    child,
    first,
    log,
    async ask(...frames) {
      await socket.send(frames.map((frame) => (isPlain(frame) ? JSON.stringify(frame) : frame)) as (string | Buffer)[]);
      const reply = await socket.receive();
      return { reply: JSON.parse(String(reply[0])), frames: reply };
    },
    async stop() {
      socket.close();
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isPlain(frame: object | string | Buffer): boolean {
  return typeof frame === 'object' && !Buffer.isBuffer(frame);
}
