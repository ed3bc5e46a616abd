import { type ColourSpace, colourSpaceOf } from './colour-space.ts';

interface Box {
  type: string;
  body: Buffer;
}

/**
 * Reads `nclx` of the primary item (ISO/IEC 23008-12; 14496-12, 12.1.5).
 * @returns undefined for sRGB or if a profile takes precedence
 */
export function readAvifColour(file: Buffer): ColourSpace | undefined {
  const meta = find(file, 'meta')?.subarray(4);
  const properties = meta && find(meta, 'iprp');
  const container = properties && find(properties, 'ipco');
  if (meta === undefined || properties === undefined || container === undefined) return undefined;
  const item = primaryItem(find(meta, 'pitm'));
  const all = [...boxes(container)];
  const own = associations(find(properties, 'ipma'), item).map((index) => all[index - 1]);
  const colours = own.filter((box) => box?.type === 'colr').map((box) => (box as Box).body);
  const kinds = colours.map((body) => body.toString('latin1', 0, 4));
  const nclx = colours[kinds.indexOf('nclx')];
  if (nclx === undefined || nclx.length < 8 || kinds.some((kind) => kind === 'prof' || kind === 'rICC')) {
    return undefined;
  }
  return colourSpaceOf(nclx.readUInt16BE(4), nclx.readUInt16BE(6));
}

const headerBytes = 8;

function* boxes(data: Buffer): Generator<Box> {
  for (let at = 0; at + headerBytes <= data.length; ) {
    const size = data.readUInt32BE(at);
    const isLong = size === 1 && at + 16 <= data.length;
    const length = size === 0 ? data.length - at : isLong ? Number(data.readBigUInt64BE(at + 8)) : size;
    const header = isLong ? 16 : headerBytes;
    if (length < header) return;
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + header, at + length) };
    at += length;
  }
}

function find(data: Buffer, type: string): Buffer | undefined {
  for (const box of boxes(data)) if (box.type === type) return box.body;
  return undefined;
}

function primaryItem(pitm: Buffer | undefined): number {
  if (pitm === undefined || pitm.length < 6) return 0;
  return pitm[0] === 0 || pitm.length < 8 ? pitm.readUInt16BE(4) : pitm.readUInt32BE(4);
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
    // The high bit means essential.
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
