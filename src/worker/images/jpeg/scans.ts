import { RequestError } from '../../../contract/errors.ts';

/** As in libtiff (tif_jpeg.c). Encoders write about ten. */
const maxScans = 100;

const markers = { temporary: 0x01, startOfImage: 0xd8, endOfImage: 0xd9, scan: 0xda };
/** Frames whose blocks take up bits in each scan; other scans may be empty (T.81, G.1.2.2). */
const sequentialFrames = [0xc0, 0xc1];
const withoutLength = [markers.temporary, markers.startOfImage];

/** Not stuffed zeros or restart markers, which are part of a scan. */
const nextMarker = /\xff([^\0\xd0-\xd7\xff])/g;

/**
 * Checks the number of scans in a progressive JPEG: libjpeg visits all pixels for each, which may take ten bytes.
 * @throws RequestError `unprocessable_image`
 */
export function checkScans(file: Buffer): void {
  if (isSequential(file)) return;
  const text = file.toString('latin1');
  let scans = 0;
  nextMarker.lastIndex = 0;
  for (let found = nextMarker.exec(text); found !== null; found = nextMarker.exec(text)) {
    const marker = (found[1] as string).charCodeAt(0);
    const at = nextMarker.lastIndex;
    if (marker === markers.endOfImage || at + 2 > file.length) break;
    if (marker === markers.scan) scans += 1;
    if (scans > maxScans) {
      throw new RequestError(
        'unprocessable_image',
        `Expected a jpeg image of at most ${maxScans} scans but received more`,
      );
    }
    if (!withoutLength.includes(marker)) nextMarker.lastIndex = at + file.readUInt16BE(at);
  }
}

/** Whether a sequential frame comes first, and nothing else than well-formed segments before it. */
function isSequential(file: Buffer): boolean {
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; at += 2 + file.readUInt16BE(at + 2)) {
    const marker = file[at + 1] as number;
    if (sequentialFrames.includes(marker)) return true;
    if (marker === markers.scan || marker < 0xc0) return false;
  }
  return false;
}
