import { createTable, type HuffmanTable } from './huffman.ts';

interface Component {
  id: number;
  /** Sampling factor: blocks across an MCU. */
  horizontal: number;
  /** Sampling factor: blocks down an MCU. */
  vertical: number;
  /** Number of the quantization table. */
  quantization: number;
}

interface Frame {
  width: number;
  height: number;
  components: Component[];
}

interface ScanComponent extends Component {
  dc: HuffmanTable;
  ac: HuffmanTable;
}

/** A sequential JPEG whose only scan holds all components. */
export interface JpegScan extends Frame {
  components: ScanComponent[];
  /** MCUs between restart markers; 0 for none. */
  restartInterval: number;
  /** Byte offset of the entropy-coded data. */
  dataAt: number;
}

const startOfImage = Buffer.from([0xff, 0xd8]);

const markers = {
  sequential: [0xc0, 0xc1],
  huffman: 0xc4,
  scan: 0xda,
  quantization: 0xdb,
  restartInterval: 0xdd,
  comment: 0xfe,
};

const isApplication = (marker: number) => marker >= 0xe0 && marker <= 0xef;

/** Most blocks in an MCU (T.81, B.2.3). */
const maxBlocks = 10;

/**
 * Reads the segments before the first scan (T.81, annex B).
 * @returns undefined for anything unusual: segments other than the basic ones, and whatever is malformed
 */
export function readHeaders(file: Buffer): JpegScan | undefined {
  const dc = new Map<number, HuffmanTable>();
  const ac = new Map<number, HuffmanTable>();
  const quantizations = new Set<number>();
  let frame: Frame | undefined;
  let restartInterval = 0;
  let at = startOfImage.length;
  if (!file.subarray(0, at).equals(startOfImage)) return undefined;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1] as number;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length || end < at + 4) return undefined;
    const body = file.subarray(at + 4, end);
    at = end;
    if (marker === markers.scan) {
      const components = frame && readScan(body, frame.components, dc, ac);
      if (frame === undefined || components === undefined) return undefined;
      if (!components.every(({ quantization }) => quantizations.has(quantization))) return undefined;
      return { ...frame, components, restartInterval, dataAt: end };
    }
    if (marker === markers.restartInterval) {
      if (body.length !== 2) return undefined;
      restartInterval = body.readUInt16BE(0);
    } else if (markers.sequential.includes(marker)) {
      const isFirst = frame === undefined;
      frame = readFrame(body);
      if (!isFirst || frame === undefined) return undefined;
    } else if (marker === markers.quantization) {
      if (!readQuantization(body, quantizations)) return undefined;
    } else if (marker === markers.huffman) {
      if (!readTables(body, dc, ac)) return undefined;
    } else if (marker !== markers.comment && !isApplication(marker)) return undefined;
  }
  return undefined;
}

function readQuantization(body: Buffer, known: Set<number>): boolean {
  let at = 0;
  while (at < body.length) {
    const head = body[at] as number;
    if (head >> 4 > 1 || (head & 15) > 3) return false;
    known.add(head & 15);
    at += 1 + (head >> 4 === 0 ? 64 : 128);
  }
  return at === body.length;
}

function readTables(body: Buffer, dc: Map<number, HuffmanTable>, ac: Map<number, HuffmanTable>): boolean {
  let at = 0;
  while (at + 17 <= body.length) {
    const head = body[at] as number;
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = body.subarray(at + 17, at + 17 + total);
    const kind = head >> 4 === 0 ? 'dc' : 'ac';
    if (head >> 4 > 1 || (head & 15) > 3 || symbols.length < total || total > 256) return false;
    if (kind === 'dc' && symbols.some((symbol) => symbol > 15)) return false;
    const table = createTable(kind, counts, symbols);
    if (table === undefined) return false;
    (kind === 'dc' ? dc : ac).set(head & 15, table);
    at += 17 + total;
  }
  return at === body.length;
}

function readFrame(body: Buffer): Frame | undefined {
  const count = body[5] ?? 0;
  if (body[0] !== 8 || body.length !== 6 + 3 * count || ![1, 3, 4].includes(count)) return undefined;
  const components = Array.from({ length: count }, (_, index): Component => {
    const [id, sampling, quantization] = body.subarray(6 + 3 * index) as unknown as [number, number, number];
    return { id, horizontal: sampling >> 4, vertical: sampling & 15, quantization };
  });
  const [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
  const fits = ({ horizontal, vertical }: Component) => isFactor(horizontal) && isFactor(vertical);
  const blocks = components.reduce((sum, { horizontal, vertical }) => sum + horizontal * vertical, 0);
  const isUnique = new Set(components.map(({ id }) => id)).size === count;
  const isPlain = height > 0 && width > 0 && isUnique && components.every(fits) && (count === 1 || blocks <= maxBlocks);
  return isPlain ? { width, height, components } : undefined;
}

const isFactor = (factor: number) => factor === 1 || factor === 2 || factor === 4;

/** Reads the header of a scan of all components, in the order of the frame. */
function readScan(
  body: Buffer,
  components: Component[],
  dc: Map<number, HuffmanTable>,
  ac: Map<number, HuffmanTable>,
): ScanComponent[] | undefined {
  const count = components.length;
  if (body[0] !== count || body.length !== 4 + 2 * count) return undefined;
  const [first, last, approximation] = body.subarray(1 + 2 * count);
  if (first !== 0 || last !== 63 || approximation !== 0) return undefined;
  const scanComponents: ScanComponent[] = [];
  for (const [index, component] of components.entries()) {
    const [id, tables = 0] = body.subarray(1 + 2 * index);
    const [dcTable, acTable] = [dc.get(tables >> 4), ac.get(tables & 15)];
    if (id !== component.id || dcTable === undefined || acTable === undefined) return undefined;
    scanComponents.push({ ...component, dc: dcTable, ac: acTable });
  }
  return scanComponents;
}
