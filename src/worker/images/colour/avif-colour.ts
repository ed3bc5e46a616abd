import { checkChunks } from '../decoding-limits.ts';
import { type ColourSpace, colourSpaceOf } from './colour-space.ts';
import { profileModel } from './samples.ts';

interface Box {
  type: string;
  body: Buffer;
}

export interface AvifColour {
  /** ICC profile, or else the colour space of `nclx`; undefined for sRGB. */
  colour: ColourSpace | Buffer | undefined;
  /** Whether the image has one channel and a grey profile. */
  isGrey: boolean;
  /** Whether colours are multiplied by alpha. */
  isPremultiplied: boolean;
}

/** Reads the colour properties and references of the primary item (ISO/IEC 23008-12; 14496-12, 8.11.12 and 12.1.5). */
export function readAvifColour(file: Buffer): AvifColour {
  const meta = find(file, 'meta')?.subarray(4);
  const item = primaryItem(find(meta, 'pitm'));
  const properties = find(meta, 'iprp');
  const allProperties = [...boxes(find(properties, 'ipco'))];
  const itemProperties = associations(find(properties, 'ipma'), item).flatMap(
    (index) => allProperties[index - 1] ?? [],
  );
  const signals = itemProperties.filter(({ type }) => type === 'colr').map(({ body }) => body);
  const isPremultiplied = isReferring(find(meta, 'iref'), 'prem', item);
  const profile = signals.find((signal) => ['prof', 'rICC'].includes(kindOf(signal)))?.subarray(4);
  if (profile === undefined) return { colour: fromNclx(signals), isGrey: false, isPremultiplied };
  const model = profileModel(profile);
  const isGrey = model === 'GRAY' && itemProperties.some(hasOneChannel);
  return { colour: isGrey || model === 'RGB ' ? profile : undefined, isGrey, isPremultiplied };
}

const kindOf = (signal: Buffer) => signal.toString('latin1', 0, 4);

function fromNclx(signals: readonly Buffer[]): ColourSpace | undefined {
  const nclx = signals.find((signal) => kindOf(signal) === 'nclx');
  return nclx === undefined || nclx.length < 8 ? undefined : colourSpaceOf(nclx.readUInt16BE(4), nclx.readUInt16BE(6));
}

const monochromeFlag = 0x10;

/** By the codec configuration, or by the channel depths for a grid, which has no configuration. */
const hasOneChannel = ({ type, body }: Box) =>
  (type === 'av1C' && ((body[2] ?? 0) & monochromeFlag) !== 0) || (type === 'pixi' && body[4] === 1);

const headerBytes = 8;

/** @throws RequestError `unprocessable_image` for too many */
function* boxes(data: Buffer = Buffer.alloc(0)): Generator<Box> {
  let count = 0;
  for (let at = 0; at + headerBytes <= data.length; ) {
    const size = data.readUInt32BE(at);
    const isLong = size === 1 && at + 16 <= data.length;
    const length = size === 0 ? data.length - at : isLong ? Number(data.readBigUInt64BE(at + 8)) : size;
    const header = isLong ? 16 : headerBytes;
    if (length < header) return;
    count += 1;
    checkChunks(count);
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + header, at + length) };
    at += length;
  }
}

function find(data: Buffer | undefined, type: string): Buffer | undefined {
  for (const box of boxes(data)) if (box.type === type) return box.body;
  return undefined;
}

function primaryItem(pitm: Buffer | undefined): number {
  if (pitm === undefined || pitm.length < 6) return 0;
  return pitm[0] === 0 || pitm.length < 8 ? pitm.readUInt16BE(4) : pitm.readUInt32BE(4);
}

function isReferring(iref: Buffer | undefined, type: string, item: number): boolean {
  const idBytes = iref?.[0] === 0 ? 2 : 4;
  return [...boxes(iref?.subarray(4))].some(
    (box) => box.type === type && box.body.length >= idBytes && box.body.readUIntBE(0, idBytes) === item,
  );
}

function associations(ipma: Buffer | undefined, item: number): number[] {
  try {
    return ipma === undefined ? [] : readAssociations(ipma, item);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function readAssociations(ipma: Buffer, item: number): number[] {
  const idBytes = ipma.readUInt8(0) === 0 ? 2 : 4;
  const indexBytes = (ipma.readUInt8(3) & 1) === 0 ? 1 : 2;
  let at = 8;
  for (let entry = ipma.readUInt32BE(4); entry > 0; entry -= 1) {
    const id = ipma.readUIntBE(at, idBytes);
    const count = ipma.readUInt8(at + idBytes);
    at += idBytes + 1;
    // The high bit marks an essential property.
    const mask = indexBytes === 1 ? 0x7f : 0x7fff;
    const indexes = Array.from(
      { length: count },
      (_, index) => ipma.readUIntBE(at + index * indexBytes, indexBytes) & mask,
    );
    if (id === item) return indexes;
    at += count * indexBytes;
  }
  return [];
}
