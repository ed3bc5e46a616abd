import { type Chunk, chunks, withChunks } from '../colour/png-chunks.ts';
import { xmpChunk } from '../metadata/add-png-metadata.ts';
import { withoutPreamble } from '../metadata/exif.ts';
import { readRawProfile } from './raw-profile.ts';

type Kind = 'exif' | 'xmp';
type Content = Pick<Chunk, 'type' | 'data'>;

/**
 * Copies EXIF and XMP data to where libvips reads it: from after the pixels, where the specification allows it and
 * ImageMagick writes it, and from ImageMagick's text chunks.
 * @returns other files as is
 */
export function withEarlyMetadata(png: Buffer): Buffer {
  const early = new Set<Kind>();
  const late = new Map<Kind, Content>();
  const raw = new Map<Kind, Content>();
  let isEarly = true;
  for (const chunk of chunks(png)) {
    if (chunk.type === 'IDAT') isEarly = false;
    const kind = kindOf(chunk);
    if (kind === undefined) addRaw(raw, chunk);
    else if (isEarly) early.add(kind);
    else late.set(kind, chunk);
  }
  const added = [...new Map([...raw, ...late])].filter(([kind]) => !early.has(kind)).map(([, content]) => content);
  return added.length === 0 ? png : withChunks(png, added, new Set());
}

const xmpKeyword = 'XML:com.adobe.xmp\0';

function kindOf({ type, data }: Chunk): Kind | undefined {
  if (type === 'eXIf') return 'exif';
  return type === 'iTXt' && data.toString('latin1', 0, xmpKeyword.length) === xmpKeyword ? 'xmp' : undefined;
}

const [exifStart, xmpStart] = ['Exif\0\0', 'http://ns.adobe.com/xap/1.0/\0'];

function addRaw(raw: Map<Kind, Content>, chunk: Chunk): void {
  const profile = readRawProfile(chunk);
  if (profile === undefined) return;
  const { name, data } = profile;
  const start = data.toString('latin1', 0, xmpStart.length);
  if (name === 'xmp') raw.set('xmp', xmpChunk(data));
  else if (start === xmpStart) raw.set('xmp', xmpChunk(data.subarray(xmpStart.length)));
  else if (start.startsWith(exifStart)) raw.set('exif', { type: 'eXIf', data: withoutPreamble(data) });
}
