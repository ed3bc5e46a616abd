import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { createHttpServer } from '../../src/gateway/http/server.ts';

test('a request has time for the largest body at 16 KiB a second', () => {
  for (const bytes of [16_384, 33_554_432]) {
    const config = readConfig({ IMGWIRE_MAX_UPLOAD_BYTES: String(bytes) });
    const door = { config, log: pino({ level: 'silent' }), isUnlimited: () => true };
    const { requestTimeout } = createHttpServer(door, () => {});
    assert.ok(requestTimeout > (bytes / 16_384) * 1000, `${requestTimeout}`);
  }
});
