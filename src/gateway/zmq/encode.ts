const flagMore = 0x01;
const flagLong = 0x02;
const flagCommand = 0x04;

const longestShort = 255;

/** Frames up to this size are copied together with their heads, which costs less than to have the kernel gather them. */
const copiedBytes = 4096;

/** A message as ZMTP writes it, in pieces: large frames are not copied. */
export function encodeMessage(frames: readonly Buffer[]): Buffer[] {
  const pieces: Buffer[] = [];
  let small: Buffer[] = [];
  for (const [index, frame] of frames.entries()) {
    small.push(encodeHead(frame.length, index < frames.length - 1 ? flagMore : 0));
    if (frame.length <= copiedBytes) {
      small.push(frame);
      continue;
    }
    pieces.push(Buffer.concat(small), frame);
    small = [];
  }
  if (small.length > 0) pieces.push(Buffer.concat(small));
  return pieces;
}

/** A command as ZMTP 3 writes it. */
export function encodeCommand(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), data]);
  return Buffer.concat([encodeHead(body.length, flagCommand), body]);
}

function encodeHead(bytes: number, flags: number): Buffer {
  if (bytes <= longestShort) return Buffer.from([flags, bytes]);
  const head = Buffer.allocUnsafe(9);
  head[0] = flags | flagLong;
  head.writeBigUInt64BE(BigInt(bytes), 1);
  return head;
}
