const riffHeader = 12;
const chunkHeader = 8;

/** libwebp's header parsing is quadratic in frames: 30 s for 100,000. */
export function countWebpFrames(file: Buffer): number {
  let frames = 0;
  for (let at = riffHeader; at + chunkHeader <= file.length; ) {
    if (file.toString('latin1', at, at + 4) === 'ANMF') frames += 1;
    const size = file.readUInt32LE(at + 4);
    at += chunkHeader + size + (size % 2);
  }
  return frames;
}
