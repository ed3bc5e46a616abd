import type { Format } from '../../contract/formats.ts';
import { decodeXml } from './svg/decode-xml.ts';
import { isSvgText } from './svg/root.ts';

/** Decide all formats but SVG. */
export const headLength = 1000;

/** An SVG's root may follow licences and document types. */
export const svgHeadLength = 65_536;

/** Ignores file name and media type, which the sender chooses. */
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
  // * is TIFF, + BigTIFF.
  tiff: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => starts(head, magic)),
  svg: isSvg,
};

function starts(head: Buffer, magic: string, at = 0): boolean {
  return head.toString('latin1', at, at + magic.length) === magic;
}

/** HEIF and MP4 share the container; brands tell them apart. */
function isAvif(head: Buffer): boolean {
  if (!starts(head, 'ftyp', 4) || head.length < 16) return false;
  const end = Math.min(head.readUInt32BE(0), head.length);
  for (let at = 8; at + 4 <= end; at += 4) {
    const isMinorVersion = at === 12;
    if (!isMinorVersion && (starts(head, 'avif', at) || starts(head, 'avis', at))) return true;
  }
  return false;
}

/** Not svgz: its expanded size is unbounded. */
function isSvg(head: Buffer): boolean {
  return mayBeXml.test(head.toString('latin1', 0, markBytes)) && isSvgText(decodeXml(head));
}

/** Byte order mark, UTF-16 zero, space or tag. */
const mayBeXml = /^[\xef\xfe\xff\0\s<]/;
const markBytes = 4;
