import type { Picture } from './contender.ts';

/** URL path in the syntax of thumbor, which imagor shares. */
export function thumborPath({ file, width, format, quality }: Picture): string {
  const filters = [
    ...(quality === undefined ? [] : [`quality(${quality})`]),
    ...(format === undefined ? [] : [`format(${format})`]),
  ];
  return `/unsafe/${width}x0/${filters.length > 0 ? `filters:${filters.join(':')}/` : ''}${file}`;
}
