import { encodeCommand } from './encode.ts';
import { PeerError } from './reader.ts';

/** What is said before the first message: a ROUTER's part, without encryption (the mechanism NULL). */
export interface Handshake {
  version(major: 2 | 3): void;
  greeting(rest: Buffer): void;
  command(body: Buffer): void;
  /** Whether a message that came is one of the handshake; ZMTP 2 knows no commands and sends a name. */
  takes(): boolean;
  readonly isDone: boolean;
}

/** The types of socket that may speak to a ROUTER, and the numbers that ZMTP 2 has for them. */
const welcome: Readonly<Record<string, number>> = { REQ: 3, DEALER: 5, ROUTER: 6 };

const signature = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]);
const major = 3;

/** Minor version 1, which has heartbeats; the mechanism; the rest is zero. */
const rest = Buffer.concat([Buffer.from([1]), Buffer.from('NULL'.padEnd(20, '\0')), Buffer.alloc(32)]);

/** The type of socket, and a name of no bytes. */
const rest2 = Buffer.from([6, 0, 0]);

const ready = encodeCommand(
  'READY',
  Buffer.concat([encodeProperty('Socket-Type', 'ROUTER'), encodeProperty('Identity', '')]),
);

/**
 * Begins the handshake.
 * Its methods throw a PeerError for a peer that has no business here.
 */
export function createHandshake(write: (bytes: Buffer) => void): Handshake {
  let spoken: 2 | 3 = major;
  let isGreeted = false;
  let isDone = false;
  // No more than this before the peer has told its version: older ones expect something else after it.
  write(Buffer.concat([signature, Buffer.from([major])]));

  return {
    version(peerMajor) {
      spoken = peerMajor;
      write(peerMajor === 2 ? rest2 : rest);
    },
    greeting(peerRest) {
      isGreeted = true;
      if (spoken === 2) {
        if (!Object.values(welcome).includes(peerRest[0] as number)) throw notWelcome(`type ${peerRest[0]}`);
        return;
      }
      const mechanism = peerRest.toString('latin1', 1, 21).replace(/\0+$/, '');
      if (mechanism !== 'NULL') throw new PeerError(`the mechanism ${JSON.stringify(mechanism)}`);
      write(ready);
    },
    command(body) {
      const { name, data } = decodeCommand(body);
      if (name === 'PING' && isDone) {
        // What follows the two bytes of its time to live comes back.
        write(encodeCommand('PONG', data.subarray(2)));
      } else if (name === 'ERROR') {
        throw new PeerError('an error of its own');
      } else if (!isDone) {
        if (name !== 'READY' || spoken === 2) throw new PeerError(`${JSON.stringify(name)} before READY`);
        const type = decodeProperties(data).get('socket-type') ?? '';
        if (!Object.hasOwn(welcome, type)) throw notWelcome(JSON.stringify(type));
        isDone = true;
      }
    },
    takes() {
      if (isDone) return false;
      if (spoken === 3 || !isGreeted) throw new PeerError('a message before READY');
      isDone = true;
      return true;
    },
    get isDone() {
      return isDone;
    },
  };
}

function notWelcome(what: string): PeerError {
  return new PeerError(`a socket of another kind than REQ or DEALER: ${what}`);
}

function encodeProperty(name: string, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
}

function decodeCommand(body: Buffer): { name: string; data: Buffer } {
  const end = 1 + (body[0] ?? 0);
  if (body.length < end) throw new PeerError('a command without its name');
  return { name: body.toString('latin1', 1, end), data: body.subarray(end) };
}

/** The properties of a READY, by their names in lower case: these are told apart without regard to case. */
function decodeProperties(data: Buffer): Map<string, string> {
  const properties = new Map<string, string>();
  let at = 0;
  while (at < data.length) {
    const valueAt = at + 1 + (data[at] as number) + 4;
    if (valueAt > data.length) throw new PeerError('properties that end too soon');
    const end = valueAt + data.readUInt32BE(valueAt - 4);
    if (end > data.length) throw new PeerError('properties that end too soon');
    properties.set(data.toString('latin1', at + 1, valueAt - 4).toLowerCase(), data.toString('latin1', valueAt, end));
    at = end;
  }
  return properties;
}
