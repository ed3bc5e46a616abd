import type { Format } from './formats.ts';

/** Detect all formats but SVG by the first bytes of a file. */
export const formatDetectors: Record<Exclude<Format, 'svg'>, (head: Buffer) => boolean> = {
  jpeg: (head) => starts(head, '\xff\xd8\xff'),
  png: (head) => starts(head, '\x89PNG\r\n\x1a\n'),
  webp: (head) => starts(head, 'RIFF') && starts(head, 'WEBP', 8),
  avif: isAvif,
  gif: (head) => starts(head, 'GIF87a') || starts(head, 'GIF89a'),
  // * marks TIFF, + BigTIFF.
  tiff: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => starts(head, magic)),
};

function starts(head: Buffer, magic: string, at = 0): boolean {
  return head.toString('latin1', at, at + magic.length) === magic;
}

/** AVIF shares its container with HEIF and MP4; the brands tell them apart. */
function isAvif(head: Buffer): boolean {
  if (!starts(head, 'ftyp', 4) || head.length < 16) return false;
  const end = Math.min(head.readUInt32BE(0), head.length);
  for (let at = 8; at + 4 <= end; at += 4) {
    const isMinorVersion = at === 12;
    if (!isMinorVersion && (starts(head, 'avif', at) || starts(head, 'avis', at))) return true;
  }
  return false;
}
