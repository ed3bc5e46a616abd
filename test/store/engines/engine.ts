import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { closeWith, type Owner, temporaryFolder } from '../../helpers/owner.ts';

/** A real S3 service, run locally for tests. */
export interface Engine {
  name: string;
  endpoint: string;
  /** Settings for a service to store in it; add a bucket. */
  env: Record<string, string>;
  /** @returns the name, a new one by default */
  createBucket(name?: string): Promise<string>;
  /** The bucket must be empty. */
  deleteBucket(name: string): Promise<void>;
  /** Kills the process that serves S3, and keeps the data. */
  kill(): Promise<void>;
  /** Suspends it, leaving connections open, until `resume`. */
  freeze(): void;
  resume(): void;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
}

export const run = promisify(execFile);

export const credentials = { accessKeyId: 'imgwire-test', secretAccessKey: 'imgwire-test-secret' };

/** Neither engine accepts another region. */
const region = 'us-east-1';

/** A folder to run programs in; folder and programs are removed after the test. */
export async function createWorkspace(t: Owner, name: string) {
  const folder = await temporaryFolder(t, name);
  const children = new Set<ChildProcess>();

  async function kill(child: ChildProcess): Promise<void> {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  closeWith(t, () => Promise.all([...children].map(kill)));
  return {
    folder,
    kill,
    start(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
      const child = spawn(command, args, { stdio: 'ignore', cwd: folder, env: { ...process.env, ...env } });
      children.add(child);
      return child;
    },
  };
}

/** Polls until a condition holds. @throws Error after 30 s */
export async function eventually(what: string, happens: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await happens().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`Expected ${what} within 30 s`);
    await delay(50);
  }
}

/** Whether a server answers at all, with any status. */
export const answers = (url: string) => async () => (await fetch(url)).status > 0;

export function clientOf(endpoint: string): S3Client {
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials });
}

let buckets = 0;

/**
 * The part common to all engines.
 * @param process returns the current process that serves S3
 */
export function engineAt(
  t: Owner,
  { name, endpoint, process: current }: { name: string; endpoint: string; process: () => ChildProcess },
): Omit<Engine, 'kill' | 'restart'> {
  const client = clientOf(endpoint);
  closeWith(t, () => client.destroy());
  return {
    name,
    endpoint,
    env: {
      IMGWIRE_STORE: 's3',
      IMGWIRE_S3_ENDPOINT: endpoint,
      IMGWIRE_S3_REGION: region,
      IMGWIRE_S3_FORCE_PATH_STYLE: 'true',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    async createBucket(name) {
      buckets += 1;
      const Bucket = name ?? `imgwire-${process.pid}-${buckets}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    async deleteBucket(Bucket) {
      await client.send(new DeleteBucketCommand({ Bucket }));
    },
    freeze: () => current().kill('SIGSTOP'),
    resume: () => current().kill('SIGCONT'),
  };
}
