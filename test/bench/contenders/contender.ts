import { type RunResult, walk } from '../load/wrk.ts';
import { fetchOk } from '../measure.ts';

export interface Picture {
  /** File name in the source folder. */
  file: string;
  width: number;
  /** Default jpeg, like the sources. */
  format?: 'webp' | 'avif';
  /** Default: the contender's own. */
  quality?: number;
}

export interface Contender {
  name: string;
  /** Root of its process tree. */
  pid: number;
  /** URL of a picture; services only. */
  url?(picture: Picture): string;
  /** Called for each file once, before the clock starts. */
  prepare(files: readonly string[]): Promise<void>;
  /**
   * Requests the pictures in order, six at a time, until the list or the time ends, then waits for outstanding answers.
   */
  run(pictures: readonly Picture[], seconds: number): Promise<RunResult>;
  render(picture: Picture): Promise<Buffer>;
}

export interface HttpService {
  name: string;
  pid: number;
  origin: string;
  path(picture: Picture): string;
}

/** Wraps a service that reads the source folder itself. */
export function httpContender({ name, pid, origin, path }: HttpService): Contender {
  return {
    name,
    pid,
    url: (picture) => origin + path(picture),
    async prepare() {},
    run: (pictures, seconds) => walk(origin, pictures.map(path), seconds),
    render: (picture) => fetchOk(origin + path(picture)),
  };
}
