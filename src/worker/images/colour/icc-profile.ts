import { type ColourSpace, type Primaries, srgbPrimaries } from './colour-space.ts';

export type Vector = [number, number, number];
type Matrix = [number, number, number, number, number, number, number, number, number];

/** White point of the profile connection space, in XYZ. */
export const d50: Vector = [0.9642, 1, 0.8249];

const bradford: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

const curveEntries = 4096;

/** Builds an ICC v4 matrix profile; for grey, with the curve only. */
export function iccProfile({ primaries, toLinear }: ColourSpace, model: 'RGB ' | 'GRAY'): Buffer {
  const trc = curve(toLinear);
  const white: [string, Buffer] = ['wtpt', xyz(d50)];
  if (model === 'GRAY') return assemble(model, [white, ['kTRC', trc]]);
  const [rx, gx, bx, ry, gy, by, rz, gz, bz] = toConnectionSpace(primaries);
  return assemble(model, [
    white,
    ['rXYZ', xyz([rx, ry, rz])],
    ['gXYZ', xyz([gx, gy, gz])],
    ['bXYZ', xyz([bx, by, bz])],
    ['rTRC', trc],
    ['gTRC', trc],
    ['bTRC', trc],
  ]);
}

/** Whether primaries have a matrix, which degenerate ones do not. */
export function arePrimariesUsable(primaries: Primaries): boolean {
  const matrix = toConnectionSpace(primaries);
  return matrix.every(Number.isFinite) && Math.abs(determinant(matrix)) > 1e-4;
}

/** Linear RGB to linear sRGB, which may be out of range. */
export function toLinearSrgb(colour: Vector, primaries: Primaries): Vector {
  return fromConnectionSpace(apply(toConnectionSpace(primaries), colour));
}

/** XYZ for D50 to linear sRGB, which may be out of range. */
export function fromConnectionSpace(xyz: Vector): Vector {
  return apply(inverse(toConnectionSpace(srgbPrimaries)), xyz);
}

/** Linear RGB to XYZ, adapted to D50. */
function toConnectionSpace([wx, wy, rx, ry, gx, gy, bx, by]: Primaries): Matrix {
  const [red, green, blue, white] = [toXyz(rx, ry), toXyz(gx, gy), toXyz(bx, by), toXyz(wx, wy)];
  const columns: Matrix = [red[0], green[0], blue[0], red[1], green[1], blue[1], red[2], green[2], blue[2]];
  const weights = apply(inverse(columns), white);
  const toXyzOfWhite = columns.map((value, index) => value * (weights[index % 3] as number)) as Matrix;
  const [from, to] = [apply(bradford, white), apply(bradford, d50)];
  const scale: Matrix = [to[0] / from[0], 0, 0, 0, to[1] / from[1], 0, 0, 0, to[2] / from[2]];
  return multiply(multiply(inverse(bradford), multiply(scale, bradford)), toXyzOfWhite);
}

const toXyz = (x: number, y: number): Vector => [x / y, 1, (1 - x - y) / y];

function apply(m: Matrix, [x, y, z]: Vector): Vector {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = [0, 1, 2].map((column) => apply(a, [b[column], b[column + 3], b[column + 6]] as Vector));
  return [0, 1, 2].flatMap((row) => columns.map((column) => column[row])) as Matrix;
}

function determinant([a, b, c, d, e, f, g, h, i]: Matrix): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

function inverse(matrix: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const adjugate = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  return adjugate.map((value) => value / determinant(matrix)) as Matrix;
}

function xyz(values: Vector): Buffer {
  const data = Buffer.alloc(20);
  data.write('XYZ ', 'latin1');
  values.forEach((value, index) => {
    data.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  });
  return data;
}

function curve(toLinear: (sample: number) => number): Buffer {
  const data = Buffer.alloc(12 + 2 * curveEntries);
  data.write('curv', 'latin1');
  data.writeUInt32BE(curveEntries, 8);
  for (let entry = 0; entry < curveEntries; entry += 1) {
    const light = Math.min(1, Math.max(0, toLinear(entry / (curveEntries - 1))));
    data.writeUInt16BE(Math.round(light * 65_535), 12 + 2 * entry);
  }
  return data;
}

const headerBytes = 128;

/** Header and tag table: https://www.color.org/specification/ICC.1-2022-05.pdf, 7.2 and 7.3. */
function assemble(model: string, tags: readonly [string, Buffer][]): Buffer {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const offsets = new Map<Buffer, number>();
  let end = headerBytes + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    // Equal tags share their data.
    const offset = offsets.get(data) ?? end;
    if (offset === end) end += data.length;
    offsets.set(data, offset);
    table.write(signature, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
  }
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(end, 0);
  header.writeUInt32BE(0x04_30_00_00, 8);
  header.write(`mntr${model}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  xyz(d50).copy(header, 68, 8);
  return Buffer.concat([header, table, ...offsets.keys()]);
}
