/** Encodings by byte order mark, or by the first characters of XML. */
const encodings: [start: string, encoding: string][] = [
  ['\xef\xbb\xbf', 'utf-8'],
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
  ['<\0', 'utf-16le'],
  ['\0<', 'utf-16be'],
];

const declaration = /^<\?xml\s[^>]*?\?>/;
const declarationBytes = 200;

/**
 * Decodes by byte order mark or declared encoding (XML 1.0, appendix F). Drops the XML declaration, whose encoding
 * no longer applies.
 */
export function decodeXml(bytes: Buffer): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return text.replace(declaration, '');
}

function encodingOf(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, declarationBytes);
  const marked = encodings.find(([mark]) => start.startsWith(mark))?.[1];
  if (marked !== undefined) return marked;
  const declared = /\sencoding\s*=\s*["']([\w.-]+)["']/.exec(declaration.exec(start)?.[0] ?? '')?.[1];
  // The text was read as ASCII, so a declared UTF-16 is wrong.
  return declared === undefined || /^utf-?16/i.test(declared) || !isKnown(declared) ? 'utf-8' : declared;
}

function isKnown(encoding: string): boolean {
  try {
    new TextDecoder(encoding);
    return true;
  } catch {
    return false;
  }
}
