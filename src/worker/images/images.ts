import type { Logger } from '../../log.ts';
import { createIsolation } from './isolation.ts';
import { sniff } from './sniff.ts';
import { type Tasks, tasks } from './tasks.ts';
import type { Wanted } from './transform.ts';

export interface ImagesOptions {
  /** Longest time that a request may take, in milliseconds. */
  timeoutMs: number;
  log: Logger;
}

/** Of the time of a request, what reading an SVG may take, and drawing it as well. */
const partOfRequest = 0.4;

export interface Images extends Tasks {
  close(): void;
}

/**
 * The work on images. An SVG is a program rather than a picture: a few hundred bytes can ask for hours or for gigabytes,
 * no look at them tells, and librsvg cannot be stopped. So it is worked on in a process that can be.
 * A request has it read and then drawn, and the refusal of either has to be answered in time.
 */
export function createImages({ timeoutMs, log }: ImagesOptions): Images {
  const isolation = createIsolation({ timeoutMs: Math.ceil(timeoutMs * partOfRequest), log });
  return {
    inspect(bytes, { inputFormats, maxInputPixels }) {
      // No more than the limits: the whole configuration is nothing for a process that strangers' drawings run in.
      const limits = { inputFormats, maxInputPixels };
      return sniff(bytes) === 'svg' ? isolation.run('inspect', [bytes, limits]) : tasks.inspect(bytes, limits);
    },
    // What has pages is no SVG.
    inspectPage: tasks.inspectPage,
    transform: (wanted, maxPixels) =>
      drawsSvg(wanted) ? isolation.run('transform', [wanted, maxPixels]) : tasks.transform(wanted, maxPixels),
    transformAll: (source, wanted, maxPixels) =>
      wanted.some(drawsSvg)
        ? isolation.run('transformAll', [source, wanted, maxPixels])
        : tasks.transformAll(source, wanted, maxPixels),
    close: isolation.close,
  };
}

/** Whether an SVG is the image itself or its watermark. */
const drawsSvg = ({ source, watermark }: Wanted) => source.format === 'svg' || watermark?.format === 'svg';
