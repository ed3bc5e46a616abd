import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { encodeCommand, encodeMessage } from '../../src/gateway/zmq/encode.ts';
import { createReader, PeerError } from '../../src/gateway/zmq/reader.ts';

const greeting3 = Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]), Buffer.alloc(52)]);
const greeting2 = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 3]);

/** A frame as ZMTP writes it; only its head where it only announces its bytes. */
function frame(bytes: number, { more = false, command = false, announced = false } = {}): Buffer {
  const flags = (more ? 1 : 0) | (bytes > 255 ? 2 : 0) | (command ? 4 : 0);
  const length = Buffer.alloc(bytes > 255 ? 8 : 1);
  if (bytes > 255) length.writeBigUInt64BE(BigInt(bytes));
  else length[0] = bytes;
  return Buffer.concat([Buffer.from([flags]), length, Buffer.alloc(announced ? 0 : bytes)]);
}

function reading(...chunks: Buffer[]) {
  const versions: number[] = [];
  const greetings: Buffer[] = [];
  const commands: Buffer[] = [];
  const messages: Buffer[][] = [];
  const reader = createReader(10_000, {
    version: (major) => void versions.push(major),
    greeting: (rest) => void greetings.push(rest),
    command: (body) => void commands.push(body),
    message: (frames) => void messages.push(frames),
  });
  for (const chunk of chunks) reader.read(chunk);
  return { reader, versions, greetings, commands, messages };
}

test('reads what a well-behaved peer says, however its bytes are cut', () => {
  const first = [Buffer.alloc(0), randomBytes(255), randomBytes(256), randomBytes(9000)];
  const second = [randomBytes(5000)];
  const messages = [first, second, [Buffer.alloc(0)]];
  const bytes = Buffer.concat([
    greeting3,
    encodeCommand('READY', Buffer.from('properties')),
    ...messages.flatMap((message) => encodeMessage(message)),
    encodeCommand('PING', Buffer.alloc(300)),
  ]);
  for (const size of [1, 7, 64, 4000, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const { reader, ...heard } = reading(...chunks);
    assert.deepEqual(heard.versions, [3]);
    assert.deepEqual(heard.greetings, [greeting3.subarray(11)]);
    assert.deepEqual(heard.commands.map(String), ['\x05READYproperties', `\x04PING${'\0'.repeat(300)}`]);
    assert.deepEqual(heard.messages, messages);
    assert.deepEqual([reader.isWhole, reader.unfinished], [true, 0]);
  }
});

test('reads a peer of an older version', () => {
  const { reader, versions, greetings, messages } = reading(greeting2, frame(5));
  assert.deepEqual([versions, greetings, messages], [[2], [Buffer.from([3])], [[Buffer.alloc(5)]]]);
  assert.equal(reader.isWhole, true);
});

test('knows what is owed', () => {
  assert.equal(reading(greeting3.subarray(0, 63)).reader.isWhole, false);
  assert.equal(reading(greeting3).reader.isWhole, true);
  const { reader } = reading(greeting3, frame(100, { more: true }), frame(5000, { announced: true }));
  assert.deepEqual([reader.isWhole, reader.unfinished], [false, 5100]);
});

test('does not put up with what has no measure', () => {
  const endless = Array.from({ length: 17 }, () => frame(1, { more: true }));
  for (const chunks of [
    [Buffer.from('GET / HTTP/1.1\r\n')],
    [Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 0])],
    [greeting3, frame(2 ** 40, { announced: true })],
    [greeting3, frame(6000, { more: true }), frame(6000)],
    [greeting3, ...endless],
    [greeting3, frame(70_000, { command: true, announced: true })],
  ]) {
    assert.throws(() => reading(...chunks), PeerError);
  }
});

test('copies no large frame that is to be sent', () => {
  const large = randomBytes(100_000);
  assert.equal(encodeMessage([Buffer.alloc(0), Buffer.from('{}'), large])[1], large);
});
