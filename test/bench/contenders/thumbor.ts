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

/** `THUMBOR`, or the path at which `test/bench/peers/build` installs it. */
export const thumborCommand = process.env.THUMBOR || join(cacheFolder, 'thumbor/bin/thumbor');

const configFor = (folder: string) => `
LOADER = 'thumbor.loaders.file_loader'
FILE_LOADER_ROOT_PATH = '${folder}'
STORAGE = 'thumbor.storages.no_storage'
AUTO_WEBP = False
`;

/** Baseline JPEG, like the others. */
const sameWork = 'PROGRESSIVE_JPEG = False\n';

/**
 * Starts thumbor 7, if installed, with a process per core, or with the single one of its container if `usesDefaults`.
 * It uses Pillow and its own libjpeg-turbo instead of libvips.
 */
export async function startThumbor(
  owner: Owner,
  folder: string,
  { usesDefaults = false } = {},
): Promise<Contender | undefined> {
  if (!existsSync(thumborCommand)) return undefined;
  const scratch = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(owner, () => rm(scratch, { recursive: true, force: true }));
  const conf = join(scratch, 'thumbor.conf');
  await writeFile(conf, configFor(folder) + (usesDefaults ? '' : sameWork));
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const processes = usesDefaults ? [] : ['--processes', String(availableParallelism())];
  const pid = await startPeer(owner, {
    command: thumborCommand,
    args: ['--ip', '127.0.0.1', '--port', String(port), '--conf', conf, ...processes],
    env: {},
    ready: `${origin}/healthcheck`,
  });
  return httpContender({ name: usesDefaults ? 'thumbor (defaults)' : 'thumbor', pid, origin, path: thumborPath });
}
