import type { Logger } from '../../log.ts';
import { createIsolation } from './isolation.ts';
import { sniff } from './sniff.ts';
import { type Tasks, tasks } from './tasks.ts';
import type { LevelCache, Transformation } from './transform.ts';

export interface ImagesOptions {
  /** Of a request. */
  timeoutMs: number;
  /** Worker processes: as many variants of a request are made at once. */
  workers: number;
  levels: LevelCache;
  log: Logger;
}

/** For reading an SVG, and again for drawing it. */
const shareOfTimeout = 0.4;

export interface Images extends Tasks {
  close(): void;
}

/** SVGs run isolated: a few hundred bytes can take hours or gigabytes, and librsvg cannot be interrupted. */
export function createImages({ timeoutMs, workers, levels, log }: ImagesOptions): Images {
  const isolation = createIsolation({ timeoutMs: Math.ceil(timeoutMs * shareOfTimeout), log });
  return {
    inspect(bytes, { inputFormats, maxInputPixels }) {
      // The whole configuration would be sent to the process.
      const limits = { inputFormats, maxInputPixels };
      return sniff(bytes) === 'svg' ? isolation.run('inspect', [bytes, limits]) : tasks.inspect(bytes, limits);
    },
    inspectPage: tasks.inspectPage,
    transform: (one, maxPixels) =>
      drawsSvg(one) ? isolation.run('transform', [one, maxPixels]) : tasks.transform(one, maxPixels, { levels }),
    transformAll: (all, maxPixels) =>
      all.some(drawsSvg)
        ? isolation.run('transformAll', [all, maxPixels])
        : tasks.transformAll(all, maxPixels, { levels, atOnce: workers }),
    close: isolation.close,
  };
}

const drawsSvg = ({ source, watermark }: Transformation) => source.format === 'svg' || watermark?.format === 'svg';
