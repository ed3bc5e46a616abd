/** Most frames of one message: the few that clients put in front, JSON and an image. */
const maxFrames = 16;

/** Commands of the handshake and heartbeats are small. */
const maxCommandBytes = 65_536;

const flagMore = 0x01;
const flagLong = 0x02;
const flagCommand = 0x04;

/** A peer that does not keep to the protocol or to the limits. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}

export interface Meter {
  /**
   * Reads on in what a peer sends.
   * @throws PeerError for what is no ZMTP, for a frame or a message that is too large, and for too many frames
   */
  read(chunk: Buffer): void;
  /** Whether the peer owes nothing: neither its greeting nor the rest of a frame or of a message. */
  readonly isWhole: boolean;
  /** Bytes that have come, or are announced, of a message that is not whole yet. */
  readonly unfinished: number;
}

/**
 * Follows the frames of a ZMTP connection without keeping any of them: libzmq limits a frame,
 * but collects as many frames of a message as a peer cares to send.
 * Framing as in https://rfc.zeromq.org/spec/23/ (ZMTP 3) and https://rfc.zeromq.org/spec/15/ (ZMTP 2).
 * @param maxMessageBytes largest message, all its frames together
 */
export function createMeter(maxMessageBytes: number): Meter {
  /** What is being read, and how many bytes of it are still to come. */
  let part: 'signature' | 'greeting' | 'flags' | 'length' | 'body' = 'signature';
  let left = 11;
  let flags = 0;
  let length = 0;
  let frames = 0;
  let unfinished = 0;

  function readSignature(byte: number): void {
    const at = 11 - left;
    if ((at === 0 && byte !== 0xff) || (at === 9 && byte !== 0x7f)) throw new PeerError('no ZMTP greeting');
    left -= 1;
    if (left > 0) return;
    if (byte === 0) throw new PeerError('ZMTP 1, which is not spoken here');
    part = 'greeting';
    // Of ZMTP 2 the type of socket follows, of ZMTP 3 the rest of 64 bytes.
    left = byte < 3 ? 1 : 53;
  }

  function startBody(): void {
    const isCommand = (flags & flagCommand) !== 0;
    if (isCommand && length > maxCommandBytes) throw new PeerError(`a command of ${length} bytes`);
    if (!isCommand) {
      frames += 1;
      unfinished += length;
      if (frames > maxFrames) throw new PeerError(`a message of more than ${maxFrames} frames`);
      if (unfinished > maxMessageBytes) throw new PeerError(`a message of ${unfinished} bytes`);
    }
    part = 'body';
    left = length;
    if (left === 0) endFrame();
  }

  function endFrame(): void {
    if ((flags & (flagMore | flagCommand)) === 0) {
      frames = 0;
      unfinished = 0;
    }
    part = 'flags';
  }

  function readByte(byte: number): void {
    switch (part) {
      case 'signature':
        readSignature(byte);
        return;
      case 'flags':
        flags = byte;
        length = 0;
        left = (flags & flagLong) === 0 ? 1 : 8;
        part = 'length';
        return;
      case 'length':
        length = length * 256 + byte;
        left -= 1;
        if (left === 0) startBody();
    }
  }

  return {
    read(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (part === 'body' || part === 'greeting') {
          const skipped = Math.min(left, chunk.length - at);
          at += skipped;
          left -= skipped;
          if (left > 0) continue;
          if (part === 'greeting') part = 'flags';
          else endFrame();
        } else {
          readByte(chunk[at] as number);
          at += 1;
        }
      }
    },
    get isWhole() {
      return part === 'flags' && frames === 0;
    },
    get unfinished() {
      return unfinished;
    },
  };
}
