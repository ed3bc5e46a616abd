import { formatDetectors } from '../../contract/format-detectors.ts';
import type { Format } from '../../contract/formats.ts';
import { decodeXml } from './svg/decode-xml.ts';
import { isSvgText } from './svg/root.ts';

/** Bytes needed to detect any format except SVG. */
export const headLength = 1000;

/** Bytes to search for the root of an SVG, which may follow licences and document types. */
export const svgHeadLength = 65_536;

/** Detects the format by content; the sender chooses file name and media type. */
export function sniff(file: Buffer): Format | undefined {
  const head = file.subarray(0, svgHeadLength);
  return (Object.keys(tests) as Format[]).find((format) => tests[format](head));
}

const tests: Record<Format, (head: Buffer) => boolean> = { ...formatDetectors, svg: isSvg };

/** Not svgz, whose decompressed size is unbounded. */
function isSvg(head: Buffer): boolean {
  return mayBeXml.test(head.toString('latin1', 0, markBytes)) && isSvgText(decodeXml(head));
}

/** A byte order mark, the zero of a UTF-16 character, a space or a tag. */
const mayBeXml = /^[\xef\xfe\xff\0\s<]/;
const markBytes = 4;
