import { type Chunk, chunks, withChunks } from '../colour/png-chunks.ts';
import { xmpChunk } from '../metadata/add-png-metadata.ts';
import { withoutPreamble } from '../metadata/exif.ts';
import { isRawProfile, readRawProfile } from './raw-profile.ts';

type Kind = 'exif' | 'xmp';
type Content = Pick<Chunk, 'type' | 'data'>;

/** Of metadata; text chunks hold XMP or, which is not kept, anything else. */
const types: ReadonlySet<string> = new Set(['eXIf', 'iTXt', 'tEXt', 'zTXt']);

/** Most raw profiles that are read, of which each may decompress to megabytes; there is one each of EXIF and XMP. */
const maxRawProfiles = 4;

/**
 * Copies EXIF and XMP data to where libvips reads it: from after the pixels, where the specification allows it and
 * ImageMagick writes it, and from ImageMagick's text chunks. Removes other text before the pixels: libpng would
 * decompress a thousand chunks to 8 MB each.
 * @returns other files as is
 */
export function withEarlyMetadata(png: Buffer): Buffer {
  const early = new Map<Kind, Content>();
  const late = new Map<Kind, Content>();
  const raw: Chunk[] = [];
  let earlyChunks = 0;
  let isEarly = true;
  for (const chunk of chunks(png)) {
    if (chunk.type === 'IDAT') isEarly = false;
    if (!types.has(chunk.type)) continue;
    if (isEarly) earlyChunks += 1;
    const kind = kindOf(chunk);
    if (kind !== undefined) (isEarly ? early : late).set(kind, chunk);
    else if (raw.length < maxRawProfiles && isRawProfile(chunk)) raw.push(chunk);
  }
  const all = new Map([...raw.flatMap(fromRaw), ...late, ...early]);
  return early.size === all.size && earlyChunks === all.size ? png : withChunks(png, [...all.values()], types);
}

const xmpKeyword = 'XML:com.adobe.xmp\0';

function kindOf({ type, data }: Chunk): Kind | undefined {
  if (type === 'eXIf') return 'exif';
  return type === 'iTXt' && data.toString('latin1', 0, xmpKeyword.length) === xmpKeyword ? 'xmp' : undefined;
}

const [exifStart, xmpStart] = ['Exif\0\0', 'http://ns.adobe.com/xap/1.0/\0'];

function fromRaw(chunk: Chunk): [Kind, Content][] {
  const profile = readRawProfile(chunk);
  if (profile === undefined) return [];
  const { name, data } = profile;
  const start = data.toString('latin1', 0, xmpStart.length);
  if (name === 'xmp') return [['xmp', xmpChunk(data)]];
  if (start === xmpStart) return [['xmp', xmpChunk(data.subarray(xmpStart.length))]];
  return start.startsWith(exifStart) ? [['exif', { type: 'eXIf', data: withoutPreamble(data) }]] : [];
}
