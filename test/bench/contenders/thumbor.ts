import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith, type Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { cacheFolder } from '../cache-folder.ts';
import { type Contender, httpContender } from './contender.ts';
import { startPeer } from './peer-process.ts';
import { thumborPath } from './thumbor-path.ts';

/** `THUMBOR`, or where `test/bench/peers/build` puts it. */
export const thumborCommand = process.env.THUMBOR || join(cacheFolder, 'thumbor/bin/thumbor');

const common = (folder: string) => `
LOADER = 'thumbor.loaders.file_loader'
FILE_LOADER_ROOT_PATH = '${folder}'
STORAGE = 'thumbor.storages.no_storage'
AUTO_WEBP = False
`;

/** Baseline JPEG as everybody else writes, and a process for each core: its container starts one. */
const sameWork = 'PROGRESSIVE_JPEG = False\n';

/** thumbor 7, where it is there. It has Pillow and libjpeg-turbo of its own in place of libvips. */
export async function startThumbor(
  owner: Owner,
  folder: string,
  { asItComes = false } = {},
): Promise<Contender | undefined> {
  if (!existsSync(thumborCommand)) return undefined;
  const scratch = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(owner, () => rm(scratch, { recursive: true, force: true }));
  const conf = join(scratch, 'thumbor.conf');
  await writeFile(conf, common(folder) + (asItComes ? '' : sameWork));
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const processes = asItComes ? [] : ['--processes', String(availableParallelism())];
  const pid = await startPeer(owner, {
    command: thumborCommand,
    args: ['--ip', '127.0.0.1', '--port', String(port), '--conf', conf, ...processes],
    env: {},
    ready: `${origin}/healthcheck`,
  });
  return httpContender({ name: asItComes ? 'thumbor as it comes' : 'thumbor', pid, origin, path: thumborPath });
}
