import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCommand } from '../../src/gateway/zmq/encode.ts';
import { createHandshake } from '../../src/gateway/zmq/handshake.ts';
import { PeerError } from '../../src/gateway/zmq/reader.ts';

const nullRest = Buffer.concat([Buffer.from([0]), Buffer.from('NULL'.padEnd(20, '\0')), Buffer.alloc(32)]);

/** What a READY says, without the length and flags in front. */
function ready(type: string, name = 'Socket-Type'): Buffer {
  const value = Buffer.from([0, 0, 0, type.length, ...Buffer.from(type)]);
  return encodeCommand('READY', Buffer.concat([Buffer.from([name.length]), Buffer.from(name), value])).subarray(2);
}

function begin() {
  const written: Buffer[] = [];
  return { written, handshake: createHandshake((bytes) => void written.push(bytes)) };
}

function greeted() {
  const begun = begin();
  begun.handshake.version(3);
  begun.handshake.greeting(nullRest);
  return begun;
}

test('says no more than its version before it knows the one of the peer', () => {
  const { written, handshake } = begin();
  assert.equal(String(written.map((bytes) => bytes.toString('hex'))), 'ff00000000000000017f03');
  handshake.version(3);
  assert.equal(Buffer.concat(written).length, 64);
  handshake.greeting(nullRest);
  assert.ok(written.at(-1)?.includes('READY\x0bSocket-Type\0\0\0\x06ROUTER'));
  assert.equal(handshake.isDone, false);
  handshake.command(ready('REQ', 'SOCKET-TYPE'));
  assert.equal(handshake.isDone, true);
  assert.equal(handshake.takes(), false);
});

test('answers a ping with what came in it', () => {
  const { written, handshake } = greeted();
  handshake.command(ready('DEALER'));
  handshake.command(Buffer.from('\x04PING\0\x05mark'));
  assert.deepEqual(written.at(-1), Buffer.from('\x04\x09\x04PONGmark', 'latin1'));
});

test('speaks the version before commands', () => {
  const { written, handshake } = begin();
  handshake.version(2);
  assert.deepEqual(written.at(-1), Buffer.from([6, 0, 0]));
  handshake.greeting(Buffer.from([3]));
  assert.equal(handshake.takes(), true);
  assert.equal(handshake.takes(), false);
});

test('does not let in who has no business here', () => {
  const encrypted = Buffer.concat([Buffer.from([0]), Buffer.from('CURVE'.padEnd(20, '\0')), Buffer.alloc(32)]);
  const { handshake: early } = begin();
  early.version(3);
  assert.throws(() => early.greeting(encrypted), PeerError);
  const { handshake: old } = begin();
  old.version(2);
  assert.throws(() => old.greeting(Buffer.from([2])), PeerError);
  for (const command of [
    ready('SUB'),
    ready('__proto__'),
    ready('REQ', 'Identity'),
    ready('REQ').subarray(0, -1),
    ready('REQ').subarray(0, 10),
    encodeCommand('PING', Buffer.alloc(2)).subarray(2),
    encodeCommand('ERROR', Buffer.alloc(1)).subarray(2),
    Buffer.from([9, 65]),
    Buffer.alloc(0),
  ]) {
    assert.throws(() => greeted().handshake.command(command), PeerError);
  }
  assert.throws(() => greeted().handshake.takes(), PeerError);
});
