/** Samples of an uncompressed TIFF of a kind that sharp cannot write. */
export interface Samples {
  width: number;
  height: number;
  channels: number;
  bits: number;
  /** 1 unsigned, 2 signed, 3 float. */
  format?: number;
  /** 1 grey, 2 RGB, 5 CMYK, 6 YCbCr, 8 CIELab. */
  photometric: number;
  /** Type of the extra channel: 1 premultiplied alpha, 2 alpha. */
  extra?: number;
  icc?: Buffer;
  /** For YCbCr: 1, 1 has a chroma sample per pixel. */
  subsampling?: [number, number];
  data: Buffer;
}

const bytesOf = { 3: 2, 4: 4, 7: 1 } as const;
type Entry = [tag: number, type: keyof typeof bytesOf, values: ArrayLike<number>];

const headBytes = 8;
const stripOffsets = 273;

export function tiff(samples: Samples): Buffer {
  const { width, height, channels, bits, format = 1, photometric, extra, icc, subsampling, data } = samples;
  const entries: Entry[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, Array(channels).fill(bits)],
    [259, 3, [1]],
    [262, 3, [photometric]],
    [stripOffsets, 4, [headBytes]],
    [277, 3, [channels]],
    [278, 4, [height]],
    [279, 4, [data.length]],
    ...(extra === undefined ? [] : ([[338, 3, [extra]]] as Entry[])),
    [339, 3, Array(channels).fill(format)],
    ...(subsampling === undefined ? [] : ([[530, 3, subsampling]] as Entry[])),
    ...(icc === undefined ? [] : ([[34_675, 7, icc]] as Entry[])),
  ];
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length, 0);
  const start = headBytes + data.length + (data.length % 2);
  const values: Buffer[] = [];
  let end = start + directory.length;
  for (const [index, [tag, type, list]] of entries.entries()) {
    const at = 2 + 12 * index;
    const bytes = bytesOf[type];
    const encoded = Buffer.alloc(Math.max(4, list.length * bytes + ((list.length * bytes) % 2)));
    for (let item = 0; item < list.length; item += 1) encoded.writeUIntLE(list[item] as number, item * bytes, bytes);
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(list.length, at + 4);
    if (encoded.length === 4) encoded.copy(directory, at + 8);
    else {
      directory.writeUInt32LE(end, at + 8);
      values.push(encoded);
      end += encoded.length;
    }
  }
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(start, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2), directory, ...values]);
}
