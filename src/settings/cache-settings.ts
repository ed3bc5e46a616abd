import { Type } from '../contract/typebox.ts';
import { bytesOrZero, folderFormat } from './setting.ts';

/** Caches of the service, and those in front of it. */
export const cacheSettings = {
  cacheMemoryBytes: bytesOrZero(67_108_864, 'Maximum size of the in-memory result cache in bytes; 0 disables it.'),
  cacheDiskBytes: bytesOrZero(
    1_073_741_824,
    'Maximum size of the on-disk result cache (folder cache in the data folder) in bytes, counted in blocks of 4 KiB; 0 disables it.',
  ),
  cacheLevelBytes: bytesOrZero(
    1_073_741_824,
    'Maximum size of the on-disk cache of decoded images in bytes, from which other sizes of an image are made; 0 disables it.',
  ),
  cacheLevelDir: Type.String({
    ...folderFormat,
    default: '',
    defaultText: 'cache/levels in the data folder',
    description: 'Folder of the cache of decoded images; one in memory, such as /dev/shm/imgwire, avoids disk I/O.',
  }),
  maxAgeSeconds: Type.Integer({
    minimum: 0,
    maximum: 31_536_000,
    default: 31_536_000,
    description:
      'Maximum time browsers and shared caches may keep an image (Cache-Control), in seconds; a year makes it immutable.',
  }),
  purgeUrl: Type.String({
    default: '',
    defaultText: '',
    description:
      'URL with {image_id} that purges a deleted image from a shared cache, by POST or by a method given before it, such as PURGE http://cache/{image_id}.',
  }),
  purgeHeader: Type.String({
    default: '',
    defaultText: '',
    description: 'Header of purge requests, such as Fastly-Key: KEY.',
  }),
};
