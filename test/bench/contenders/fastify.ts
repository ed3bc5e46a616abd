import type { Owner } from '../../helpers/owner.ts';
import { startReference } from '../measure.ts';
import { type Contender, httpContender, type Picture } from './contender.ts';
import { niceness } from './peer-process.ts';

/** Starts the simplest possible service: a Fastify route that calls sharp. */
export async function startFastify(owner: Owner, folder: string): Promise<Contender> {
  const { child, hello } = await startReference(owner, 'fastify-resizer', [folder], niceness);
  return httpContender({
    name: 'bare Fastify',
    pid: child.pid as number,
    origin: String(hello.url),
    path: ({ file, width, format, quality }: Picture) => {
      const more = `${quality === undefined ? '' : `&quality=${quality}`}${format === undefined ? '' : `&format=${format}`}`;
      return `/${file}?width=${width}${more}`;
    },
  });
}
