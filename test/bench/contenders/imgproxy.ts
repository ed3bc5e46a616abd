import type { Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { type Contender, httpContender } from './contender.ts';
import { startPeer } from './peer-process.ts';

/** The environment of its container. By default it strips metadata and writes baseline JPEG. */
const settings = {
  MALLOC_ARENA_MAX: '2',
  VIPS_VECTOR: '167772160',
  VIPS_WARNING: '0',
};

/** Starts imgproxy 4, if `IMGPROXY` names its binary. */
export async function startImgproxy(owner: Owner, folder: string): Promise<Contender | undefined> {
  const command = process.env.IMGPROXY;
  if (!command) return undefined;
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const pid = await startPeer(owner, {
    command,
    args: [],
    env: { ...settings, IMGPROXY_BIND: `127.0.0.1:${port}`, IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder },
    ready: `${origin}/health`,
  });
  return httpContender({
    name: 'imgproxy',
    pid,
    origin,
    path: ({ file, width, format, quality }) => {
      const more = `${quality === undefined ? '' : `/q:${quality}`}`;
      return `/unsafe/w:${width}${more}/plain/local:///${file}${format === undefined ? '' : `@${format}`}`;
    },
  });
}
