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

/** What a peer says; whatever these throw, `read` throws. */
export interface Heard {
  /** The protocol's version: what follows of the greeting differs. */
  version(major: 2 | 3): void;
  /** What follows the version in the greeting. */
  greeting(rest: Buffer): void;
  command(body: Buffer): void;
  message(frames: Buffer[]): void;
}

export interface Reader {
  /**
   * Reads on in what a peer sends, and hands on what is whole. The chunk is not to be changed afterwards.
   * @throws PeerError for what is no ZMTP, for a frame or a message that is too large, and for too many frames
   */
  read(chunk: Buffer): void;
  /** Whether the peer owes nothing: neither its greeting nor the rest of a frame or of a message. */
  readonly isWhole: boolean;
  /** Bytes that have come, or are announced, of a message that is not whole yet. */
  readonly unfinished: number;
}

/**
 * Reads a ZMTP connection. Whatever a peer announces, it takes no more memory than what has come
 * until the next chunk is read: whoever reads has a say before.
 * Framing as in https://rfc.zeromq.org/spec/23/ (ZMTP 3) and https://rfc.zeromq.org/spec/15/ (ZMTP 2).
 * @param maxMessageBytes largest message, all its frames together
 */
export function createReader(maxMessageBytes: number, heard: Heard): Reader {
  /** What is being read, and how many bytes of it are still to come. */
  let part: 'signature' | 'greeting' | 'flags' | 'length' | 'body' = 'signature';
  let left = 11;
  let flags = 0;
  let length = 0;
  let unfinished = 0;
  let frames: Buffer[] = [];
  /** What has come of a body that is longer than its first chunk. */
  let begun: Buffer | undefined;

  function readSignature(byte: number): void {
    const at = 11 - left;
    if ((at === 0 && byte !== 0xff) || (at === 9 && byte !== 0x7f)) throw new PeerError('no ZMTP greeting');
    left -= 1;
    if (left > 0) return;
    if (byte === 0) throw new PeerError('ZMTP 1, which is not spoken here');
    part = 'greeting';
    // Of ZMTP 2 the type of socket follows, of ZMTP 3 the rest of 64 bytes.
    length = byte < 3 ? 1 : 53;
    left = length;
    heard.version(byte < 3 ? 2 : 3);
  }

  function startBody(): void {
    const isCommand = (flags & flagCommand) !== 0;
    if (isCommand && length > maxCommandBytes) throw new PeerError(`a command of ${length} bytes`);
    if (!isCommand) {
      unfinished += length;
      if (frames.length === maxFrames) throw new PeerError(`a message of more than ${maxFrames} frames`);
      if (unfinished > maxMessageBytes) throw new PeerError(`a message of ${unfinished} bytes`);
    }
    part = 'body';
    left = length;
    if (left === 0) end(Buffer.alloc(0));
  }

  function end(body: Buffer): void {
    const isGreeting = part === 'greeting';
    part = 'flags';
    if (isGreeting) heard.greeting(body);
    else if ((flags & flagCommand) !== 0) heard.command(body);
    else endFrame(body);
  }

  function endFrame(body: Buffer): void {
    frames.push(body);
    if ((flags & flagMore) !== 0) return;
    const message = frames;
    frames = [];
    unfinished = 0;
    heard.message(message);
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

  /** Takes what a chunk has of a body. */
  function readBody(chunk: Buffer): void {
    const done = length - left;
    left -= chunk.length;
    if (done === 0) {
      if (left === 0) end(chunk);
      else begun = chunk;
      return;
    }
    let body = begun as Buffer;
    if (body.length < length) {
      body = Buffer.allocUnsafeSlow(length);
      (begun as Buffer).copy(body);
      begun = body;
    }
    chunk.copy(body, done);
    if (left > 0) return;
    begun = undefined;
    end(body);
  }

  return {
    read(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (part === 'body' || part === 'greeting') {
          const from = at;
          at += Math.min(left, chunk.length - at);
          readBody(chunk.subarray(from, at));
        } else {
          readByte(chunk[at] as number);
          at += 1;
        }
      }
    },
    get isWhole() {
      return part === 'flags' && frames.length === 0;
    },
    get unfinished() {
      return unfinished;
    },
  };
}
