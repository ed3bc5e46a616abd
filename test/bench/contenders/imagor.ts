import { existsSync } from 'node:fs';
import type { Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { type Contender, httpContender } from './contender.ts';
import { startPeer } from './peer-process.ts';
import { thumborPath } from './thumbor-path.ts';

const jemalloc = '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2';

/**
 * The environment of its container, with jemalloc if installed. Without VIPS_VECTOR it would turn SIMD off. It uses
 * shrink-on-load by 4 and 8 only.
 */
const settings = {
  MALLOC_ARENA_MAX: '2',
  VIPS_VECTOR: '167772160',
  VIPS_WARNING: '0',
  ...(existsSync(jemalloc) && { LD_PRELOAD: jemalloc }),
};

/** Starts imagor 1, if `IMAGOR` names its binary. */
export async function startImagor(owner: Owner, folder: string): Promise<Contender | undefined> {
  const command = process.env.IMAGOR;
  if (!command) return undefined;
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const pid = await startPeer(owner, {
    command,
    args: ['-bind', `127.0.0.1:${port}`, '-imagor-unsafe', '-vips-strip-metadata', '-file-loader-base-dir', folder],
    env: settings,
    ready: `${origin}/healthcheck`,
  });
  return httpContender({ name: 'imagor', pid, origin, path: thumborPath });
}
