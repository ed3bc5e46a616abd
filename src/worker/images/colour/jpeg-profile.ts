const startBytes = 2;
const marker = [0xff, 0xe2];
const lengthBytes = 2;
/** Identifier, number of this segment, number of segments (ICC.1:2022, B.4). */
const header = Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1');

/** Inserts an ICC profile of less than 64 kB. */
export function withJpegProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt16BE(lengthBytes + header.length + profile.length);
  return Buffer.concat([
    jpeg.subarray(0, startBytes),
    Buffer.from(marker),
    length,
    header,
    profile,
    jpeg.subarray(startBytes),
  ]);
}
