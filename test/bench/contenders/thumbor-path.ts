import type { Picture } from './contender.ts';

/** The form of addresses that thumbor and imagor share. */
export function thumborPath({ file, width, format, quality }: Picture): string {
  const filters = [
    ...(quality === undefined ? [] : [`quality(${quality})`]),
    ...(format === undefined ? [] : [`format(${format})`]),
  ];
  return `/unsafe/${width}x0/${filters.length > 0 ? `filters:${filters.join(':')}/` : ''}${file}`;
}
