import type { Logger } from '../../log.ts';
import { createIsolation } from './isolation.ts';
import { sniff } from './sniff.ts';
import { type Tasks, tasks } from './tasks.ts';
import type { LevelCache, Transformation } from './transform.ts';

export interface ImagesOptions {
  /** Request timeout. */
  timeoutMs: number;
  /** Worker processes; also how many variants of a request run concurrently. */
  workers: number;
  levels: LevelCache;
  log: Logger;
}

/** Share of the request timeout for inspecting an SVG, and again for rendering it. */
const isolatedTimeoutShare = 0.4;

export interface Images extends Tasks {
  close(): void;
}

/**
 * Creates the image tasks. SVGs run in isolated processes: a few hundred bytes can take hours or gigabytes, and librsvg
 * cannot be interrupted.
 */
export function createImages({ timeoutMs, workers, levels, log }: ImagesOptions): Images {
  const isolation = createIsolation({ timeoutMs: Math.ceil(timeoutMs * isolatedTimeoutShare), log });
  return {
    inspect(bytes, { inputFormats, maxInputPixels }) {
      // Callers pass the whole configuration; only these go to the process.
      const limits = { inputFormats, maxInputPixels };
      return sniff(bytes) === 'svg' ? isolation.run('inspect', [bytes, limits]) : tasks.inspect(bytes, limits);
    },
    inspectPage: tasks.inspectPage,
    transform: (transformation, maxPixels) =>
      rendersSvg(transformation)
        ? isolation.run('transform', [transformation, maxPixels])
        : tasks.transform(transformation, maxPixels, { levels }),
    transformAll: (transformations, maxPixels) =>
      transformations.some(rendersSvg)
        ? isolation.run('transformAll', [transformations, maxPixels])
        : tasks.transformAll(transformations, maxPixels, { levels, concurrency: workers }),
    close: isolation.close,
  };
}

const rendersSvg = ({ source, watermark }: Transformation) => source.format === 'svg' || watermark?.format === 'svg';
