import type { Logger } from '../../log.ts';
import { createIsolation } from './isolation.ts';
import { sniff } from './sniff.ts';
import { type Tasks, tasks } from './tasks.ts';
import type { Transformation } from './transform.ts';

export interface ImagesOptions {
  /** Longest time that a request may take, in milliseconds. */
  timeoutMs: number;
  log: Logger;
}

/** Share of the request timeout for reading an SVG, and again for drawing it. */
const shareOfTimeout = 0.4;

export interface Images extends Tasks {
  close(): void;
}

/**
 * Creates the image tasks. SVGs run in a process of their own: a few hundred bytes can take hours or gigabytes, and librsvg
 * cannot be interrupted.
 */
export function createImages({ timeoutMs, log }: ImagesOptions): Images {
  const isolation = createIsolation({ timeoutMs: Math.ceil(timeoutMs * shareOfTimeout), log });
  return {
    inspect(bytes, { inputFormats, maxInputPixels }) {
      // Not the whole configuration: it would be sent to the isolated process.
      const limits = { inputFormats, maxInputPixels };
      return sniff(bytes) === 'svg' ? isolation.run('inspect', [bytes, limits]) : tasks.inspect(bytes, limits);
    },
    inspectPage: tasks.inspectPage,
    transform: (one, maxPixels) =>
      drawsSvg(one) ? isolation.run('transform', [one, maxPixels]) : tasks.transform(one, maxPixels),
    transformAll: (all, maxPixels) =>
      all.some(drawsSvg) ? isolation.run('transformAll', [all, maxPixels]) : tasks.transformAll(all, maxPixels),
    close: isolation.close,
  };
}

const drawsSvg = ({ source, watermark }: Transformation) => source.format === 'svg' || watermark?.format === 'svg';
