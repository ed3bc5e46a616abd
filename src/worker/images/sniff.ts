import type { Format } from '../../contract/formats.ts';
import { decodeXml } from './svg/decode-xml.ts';
import { isSvgText } from './svg/root.ts';

/** Bytes that decide the format of all but SVGs. */
export const headLength = 1000;

/** Bytes in which the root of an SVG has to begin: licences and document types may come first. */
export const svgHeadLength = 65_536;

/**
 * Detects the format by the first bytes, `undefined` for none of ours.
 * File name and media type are ignored: the sender chooses them.
 */
export function sniff(file: Buffer): Format | undefined {
  const head = file.subarray(0, svgHeadLength);
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

/** XML with the root `svg`. Not svgz: its size in memory is not bounded by that of the file. */
function isSvg(head: Buffer): boolean {
  return mayBeXml.test(head.toString('latin1', 0, markBytes)) && isSvgText(decodeXml(head));
}

/** A byte order mark, a zero of UTF-16, space, or the first tag. */
const mayBeXml = /^[\xef\xfe\xff\0\s<]/;
const markBytes = 4;
