import { fileURLToPath } from 'node:url';
import type { Owner } from '../../helpers/owner.ts';
import { freePorts } from '../../helpers/ports.ts';
import { readyFile } from '../sources.ts';
import { type Contender, httpContender } from './contender.ts';
import { startPeer } from './peer-process.ts';

export const ipxFolder = process.env.IPX || fileURLToPath(new URL('../../../node_modules/ipx', import.meta.url));
const baselineScript = fileURLToPath(new URL('../references/ipx-baseline.mjs', import.meta.url));

/**
 * Starts ipx 4, from devDependencies or the folder `IPX`: one process. It writes progressive JPEG by default, and its
 * command, `ipx serve --dir`, has no option against that.
 */
export async function startIpx(owner: Owner, folder: string, { usesDefaults = false } = {}): Promise<Contender> {
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const pid = await startPeer(owner, {
    command: process.execPath,
    args: usesDefaults ? [`${ipxFolder}/dist/cli.mjs`, 'serve', '--dir', folder] : [baselineScript, ipxFolder, folder],
    env: { NODE_ENV: 'production', PORT: String(port), HOST: '127.0.0.1' },
    ready: `${origin}/w_8/${readyFile}`,
  });
  return httpContender({
    name: usesDefaults ? 'ipx (defaults)' : 'ipx',
    pid,
    origin,
    path: ({ file, width, format, quality }) => {
      const more = `${quality === undefined ? '' : `,q_${quality}`}${format === undefined ? '' : `,f_${format}`}`;
      return `/w_${width}${more}/${file}`;
    },
  });
}
