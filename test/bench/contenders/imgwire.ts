import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from '../../helpers/owner.ts';
import { walk } from '../load/wrk.ts';
import { fetchOk } from '../measure.ts';
import { start } from '../start.ts';
import type { Contender, Picture } from './contender.ts';

const uploadConcurrency = 8;

export interface Imgwire extends Contender {
  origin: string;
  path(picture: Picture): string;
  /** Path of an uploaded file's original. */
  originalPath(file: string): string;
}

/**
 * Starts the built service with its defaults, but a deadline long enough for a busy machine. `prepare`
 * uploads the files.
 */
export async function startImgwire(
  owner: Owner,
  folder: string,
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Imgwire> {
  const service = await start(owner, { IMGWIRE_TIMEOUT_MS: '60000', ...env }, flags);
  const ids = new Map<string, string>();

  const upload = async (file: string) => {
    const body = await readFile(join(folder, file));
    await fetchOk(`${service.http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
    ids.set(file, createHash('sha256').update(body).digest('hex'));
  };

  const originalPath = (file: string) => `/images/${ids.get(file)}`;

  const path = ({ file, width, format, quality }: Picture) => {
    const more = `${quality === undefined ? '' : `&quality=${quality}`}${format === undefined ? '' : `&format=${format}`}`;
    return `${originalPath(file)}?width=${width}${more}`;
  };

  return {
    name: 'imgwire',
    pid: service.pid,
    origin: service.http,
    path,
    originalPath,
    url: (picture) => service.http + path(picture),
    async prepare(files) {
      const waiting = files.filter((file) => !ids.has(file));
      const one = async () => {
        for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await upload(file);
      };
      await Promise.all(Array.from({ length: uploadConcurrency }, one));
    },
    run: (pictures, seconds) => walk(service.http, pictures.map(path), seconds),
    render: (picture) => fetchOk(service.http + path(picture)),
  };
}
