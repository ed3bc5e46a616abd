import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { createHttpServer } from '../../src/gateway/http/server.ts';
import { sendBufferBytes } from '../../src/gateway/limits/send-buffer.ts';

const serverOf = (env: Record<string, string>) =>
  createHttpServer({ config: readConfig(env), log: pino({ level: 'silent' }), isUnlimited: () => true }, () => {});

test('the request timeout allows the largest body at 16 KiB a second', () => {
  for (const bytes of [16_384, 33_554_432]) {
    const { requestTimeout } = serverOf({ IMGWIRE_MAX_UPLOAD_BYTES: String(bytes) });
    assert.ok(requestTimeout > (bytes / 16_384) * 1000, `${requestTimeout}`);
  }
});

test('the idle timeout allows a full send buffer to be read at 16 KiB a second', () => {
  const { timeout } = serverOf({ IMGWIRE_TIMEOUT_MS: '1000' });
  assert.ok(timeout > (sendBufferBytes / 16_384) * 1000, `${timeout}`);
});
