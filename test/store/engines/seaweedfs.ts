import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { closeWith, type Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { answers, clientOf, createScene, credentials, type Engine, engineAt, eventually, run } from './engine.ts';

/** Builds the program where it has not been built before, which takes minutes. @returns its path */
export async function buildSeaweedFs(): Promise<string> {
  const script = fileURLToPath(new URL('build-seaweedfs', import.meta.url));
  return (await run(script, { maxBuffer: 2 ** 24 })).stdout.trim();
}

/** Those that it makes for its ports outside of its folder, whatever it is told. */
export async function removeSockets(ports: readonly number[]): Promise<void> {
  for (const name of await readdir('/tmp')) {
    const [, port] = /^seaweedfs-.*-(\d+)\.sock$/.exec(name) ?? [];
    if (ports.includes(Number(port))) await rm(join('/tmp', name), { force: true });
  }
}

/** SeaweedFS: puts of what is there already can be refused. */
export async function startSeaweedFs(t: Owner): Promise<Engine> {
  const weed = await buildSeaweedFs();
  const ports = await freePorts(8);
  closeWith(t, () => removeSockets(ports));
  const scene = await createScene(t, 'seaweedfs');
  // Each bucket has volumes of its own, by default seven at once.
  await writeFile(join(scene.folder, 'master.toml'), '[master.volume_growth]\ncopy_1 = 1\n');
  const names = ['master', 'volume', 'filer', 's3'];
  const args = names.flatMap((name, index) => [
    `-${name}.port=${ports[2 * index]}`,
    `-${name}.port.grpc=${ports[2 * index + 1]}`,
  ]);
  const endpoint = `http://127.0.0.1:${ports[6]}`;
  const start = async () => {
    const child = scene.start(
      weed,
      [
        'server',
        '-s3',
        '-master.telemetry=false',
        '-filer',
        '-ip',
        '127.0.0.1',
        '-dir',
        scene.folder,
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
  // The first put takes about 8 s: until then there is no lock server.
  const engine = engineAt(t, { name: 'SeaweedFS', endpoint, process: () => child });
  const client = clientOf(endpoint);
  await client.send(new PutObjectCommand({ Bucket: await engine.createBucket(), Key: 'first', Body: '' }));
  client.destroy();
  return {
    ...engine,
    kill: () => scene.kill(child),
    async restart() {
      child = await start();
    },
  };
}
