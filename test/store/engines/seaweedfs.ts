import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { closeWith, type Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { answers, clientOf, createWorkspace, credentials, type Engine, engineAt, eventually, run } from './engine.ts';

/** Builds the program unless already built, which takes minutes. @returns its path */
export async function buildSeaweedFs(): Promise<string> {
  const script = fileURLToPath(new URL('build-seaweedfs', import.meta.url));
  return (await run(script, { maxBuffer: 2 ** 24 })).stdout.trim();
}

/** Removes the sockets that it creates in /tmp for its ports, regardless of its settings. */
export async function removeSockets(ports: readonly number[]): Promise<void> {
  for (const name of await readdir('/tmp')) {
    const [, port] = /^seaweedfs-.*-(\d+)\.sock$/.exec(name) ?? [];
    if (ports.includes(Number(port))) await rm(join('/tmp', name), { force: true });
  }
}

/** SeaweedFS, which supports conditional puts. */
export async function startSeaweedFs(t: Owner): Promise<Engine> {
  const weed = await buildSeaweedFs();
  const ports = await freePorts(8);
  closeWith(t, () => removeSockets(ports));
  const workspace = await createWorkspace(t, 'seaweedfs');
  // Each bucket has its own volumes, by default created seven at a time.
  await writeFile(join(workspace.folder, 'master.toml'), '[master.volume_growth]\ncopy_1 = 1\n');
  const names = ['master', 'volume', 'filer', 's3'];
  const args = names.flatMap((name, index) => [
    `-${name}.port=${ports[2 * index]}`,
    `-${name}.port.grpc=${ports[2 * index + 1]}`,
  ]);
  const endpoint = `http://127.0.0.1:${ports[6]}`;
  const start = async () => {
    const child = workspace.start(
      weed,
      [
        'server',
        '-s3',
        '-master.telemetry=false',
        '-filer',
        '-ip',
        '127.0.0.1',
        '-dir',
        workspace.folder,
        '-volume.max',
        '4096',
        '-master.electionTimeout',
        '1s',
        ...args,
      ],
      {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    );
    await eventually('SeaweedFS to answer', answers(endpoint));
    return child;
  };
  let child = await start();
  // The first put takes about 8 s, as there is no lock server before.
  const engine = engineAt(t, { name: 'SeaweedFS', endpoint, process: () => child });
  const client = clientOf(endpoint);
  await client.send(new PutObjectCommand({ Bucket: await engine.createBucket(), Key: 'first', Body: '' }));
  client.destroy();
  return {
    ...engine,
    kill: () => workspace.kill(child),
    async restart() {
      child = await start();
    },
  };
}
