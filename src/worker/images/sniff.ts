import type { Format } from '../../contract/formats.ts';

/** Bytes that decide the format; libvips reads as many to find the root of an SVG. */
export const headLength = 1000;

/**
 * Detects the format by the first bytes, `undefined` for none of ours.
 * File name and media type are ignored: the sender chooses them.
 */
export function sniff(file: Buffer): Format | undefined {
  const head = file.subarray(0, headLength);
  return (Object.keys(signatures) as Format[]).find((format) => signatures[format](head));
}

const signatures: Record<Format, (head: Buffer) => boolean> = {
  jpeg: (head) => starts(head, '\xff\xd8\xff'),
  png: (head) => starts(head, '\x89PNG\r\n\x1a\n'),
  webp: (head) => starts(head, 'RIFF') && starts(head, 'WEBP', 8),
  avif: isAvif,
  gif: (head) => starts(head, 'GIF87a') || starts(head, 'GIF89a'),
  // * is TIFF, + is BigTIFF.
  tiff: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => starts(head, magic)),
  svg: isSvg,
};

function starts(head: Buffer, magic: string, at = 0): boolean {
  return head.toString('latin1', at, at + magic.length) === magic;
}

/** HEIF, AVIF and MP4 share a container; the brands in its first box tell them apart. */
function isAvif(head: Buffer): boolean {
  if (!starts(head, 'ftyp', 4) || head.length < 16) return false;
  const end = Math.min(head.readUInt32BE(0), head.length);
  for (let at = 8; at + 4 <= end; at += 4) {
    const isMinorVersion = at === 12;
    if (!isMinorVersion && (starts(head, 'avif', at) || starts(head, 'avis', at))) return true;
  }
  return false;
}

const prolog = /^\uFEFF?(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE\s[^[>]*(?:\[[\s\S]*?\]\s*)?>)*/;

/** XML with the root `svg`. Not svgz: its size in memory is not bounded by that of the file. */
function isSvg(head: Buffer): boolean {
  const text = head.toString('utf8');
  return /^<svg[\s/>]/.test(text.slice(prolog.exec(text)?.[0].length));
}
