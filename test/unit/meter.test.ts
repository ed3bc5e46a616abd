import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMeter, PeerError } from '../../src/gateway/zmq/meter.ts';

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
  const meter = createMeter(10_000);
  for (const chunk of chunks) meter.read(chunk);
  return meter;
}

test('follows a well-behaved peer, however its bytes are cut', () => {
  const message = [frame(0, { more: true }), frame(300, { more: true }), frame(9000)];
  const bytes = Buffer.concat([greeting3, frame(40, { command: true }), ...message, ...message]);
  for (const size of [1, 7, 64, bytes.length]) {
    const meter = createMeter(10_000);
    for (let at = 0; at < bytes.length; at += size) meter.read(bytes.subarray(at, at + size));
    assert.deepEqual([meter.isWhole, meter.unfinished], [true, 0]);
  }
  assert.equal(reading(greeting2, frame(5)).isWhole, true);
});

test('knows what is owed', () => {
  assert.equal(reading(greeting3.subarray(0, 63)).isWhole, false);
  assert.equal(reading(greeting3).isWhole, true);
  const begun = reading(greeting3, frame(100, { more: true }), frame(5000, { announced: true }));
  assert.deepEqual([begun.isWhole, begun.unfinished], [false, 5100]);
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
