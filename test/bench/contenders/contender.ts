import { type Turn, walk } from '../load/wrk.ts';
import { ok } from '../measure.ts';

export interface Picture {
  /** In the folder of the sources. */
  file: string;
  width: number;
  /** jpeg where nothing is said, as the sources are. */
  format?: 'webp' | 'avif';
  /** As the contender comes where nothing is said. */
  quality?: number;
}

export interface Contender {
  name: string;
  /** Of the process that it started with; its descendants count as well. */
  pid: number;
  /** Of services: the address of a picture. */
  url?(picture: Picture): string;
  /** Once per file, before the clock starts. */
  prepare(files: readonly string[]): Promise<void>;
  /** Asks for them in order, six at a time, until all are asked for or the time is up, and waits for what was asked for. */
  run(pictures: readonly Picture[], seconds: number): Promise<Turn>;
  one(picture: Picture): Promise<Buffer>;
}

export interface HttpService {
  name: string;
  pid: number;
  origin: string;
  path(picture: Picture): string;
}

/** A service that reads the sources from their folder. */
export function httpContender({ name, pid, origin, path }: HttpService): Contender {
  return {
    name,
    pid,
    url: (picture) => origin + path(picture),
    async prepare() {},
    run: (pictures, seconds) => walk(origin, pictures.map(path), seconds),
    one: (picture) => ok(origin + path(picture)),
  };
}
