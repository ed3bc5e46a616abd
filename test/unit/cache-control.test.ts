import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unrestricted } from '../../src/gateway/access/permission.ts';
import { createCacheControl } from '../../src/gateway/http/response/cache-control.ts';

const year = 31_536_000;
const inSeconds = (seconds: number) => Date.now() / 1000 + seconds;

test('Cache-Control says immutable only with a max-age of a year', () => {
  const controls = [];
  for (const maxAge of [0, 300, year - 1, year]) {
    const control = createCacheControl(maxAge);
    for (const expires of [undefined, -10, 0, 0.5, 100, 2 * year]) {
      const end = expires === undefined ? undefined : inSeconds(expires);
      for (const isPrivate of [false, true]) {
        for (const usesPreset of [false, true])
          controls.push(control({ ...unrestricted, isPrivate, expires: end }, usesPreset));
      }
    }
  }
  for (const control of controls) {
    const [, age, immutable] = /^(?:public|private), max-age=(\d+)(, immutable)?$/.exec(control) ?? [];
    assert.equal(immutable !== undefined, Number(age) === year, control);
  }
  assert.equal(new Set(controls.filter((control) => control.includes('immutable'))).size, 2);
});
