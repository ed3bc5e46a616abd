import { formatDetectors } from '../../contract/format-detectors.ts';
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
  return (Object.keys(tests) as Format[]).find((format) => tests[format](head));
}

const tests: Record<Format, (head: Buffer) => boolean> = { ...formatDetectors, svg: isSvg };

/** Not svgz: its expanded size is unbounded. */
function isSvg(head: Buffer): boolean {
  return mayBeXml.test(head.toString('latin1', 0, markBytes)) && isSvgText(decodeXml(head));
}

/** Byte order mark, UTF-16 zero, space or tag. */
const mayBeXml = /^[\xef\xfe\xff\0\s<]/;
const markBytes = 4;
