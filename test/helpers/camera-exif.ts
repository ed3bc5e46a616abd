export interface CameraExif {
  colorSpace?: number;
  /** Of the interoperability directory, such as R98. */
  index?: string;
  /** x and y of white, red, green and blue. */
  primaries?: readonly number[];
  gamma?: number;
}

type Field = [id: number, type: 2 | 3 | 4 | 5, values: readonly number[] | string];

const starts = { main: 8, camera: 100, interoperability: 200 };
const firstValue = 300;
const maxBytes = 600;

/** EXIF data with the fields about colour, as cameras write it. */
export function cameraExif({ colorSpace, index, primaries, gamma }: CameraExif, order: 'II' | 'MM' = 'MM'): Buffer {
  const data = Buffer.alloc(maxBytes);
  const uint16 = (value: number, at: number) => data[order === 'II' ? 'writeUInt16LE' : 'writeUInt16BE'](value, at);
  const uint32 = (value: number, at: number) => data[order === 'II' ? 'writeUInt32LE' : 'writeUInt32BE'](value, at);
  data.write(order === 'II' ? 'II*\0' : 'MM\0*', 'latin1');
  uint32(starts.main, 4);
  let end = firstValue;
  const directory = (at: number, fields: (Field | false)[]) => {
    const present = fields.filter((field) => field !== false);
    uint16(present.length, at);
    for (const [position, [id, type, values]] of present.entries()) {
      const entry = at + 2 + 12 * position;
      uint16(id, entry);
      uint16(type, entry + 2);
      uint32(values.length, entry + 4);
      if (typeof values === 'string') data.write(values, entry + 8, 'latin1');
      else if (type === 3) uint16(values[0] as number, entry + 8);
      else if (type === 4) uint32(values[0] as number, entry + 8);
      else {
        uint32(end, entry + 8);
        for (const value of values) {
          uint32(Math.round(value * 10_000), end);
          uint32(10_000, end + 4);
          end += 8;
        }
      }
    }
  };
  directory(starts.main, [
    primaries !== undefined && [318, 5, primaries.slice(0, 2)],
    primaries !== undefined && [319, 5, primaries.slice(2)],
    [0x8769, 4, [starts.camera]],
  ]);
  directory(starts.camera, [
    colorSpace !== undefined && [0xa001, 3, [colorSpace]],
    index !== undefined && [0xa005, 4, [starts.interoperability]],
    gamma !== undefined && [0xa500, 5, [gamma]],
  ]);
  directory(starts.interoperability, [index !== undefined && [1, 2, `${index}\0`]]);
  return data.subarray(0, end);
}

/** Inserts EXIF data into a JPEG. */
export function withExif(jpeg: Buffer, exif: Buffer): Buffer {
  const head = Buffer.from('\xff\xe1\0\0Exif\0\0', 'latin1');
  head.writeUInt16BE(head.length - 2 + exif.length, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}
