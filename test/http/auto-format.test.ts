import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameters } from '../../src/contract/parameters.ts';
import { acceptedFormats } from '../../src/gateway/http/negotiation/accepted-formats.ts';
import { anyId, openDoor, type Performed, testKey } from './door.ts';

const parsed: [accept: string, formats: string[]][] = [
  ['', []],
  ['text/html', []],
  ['image/webp', ['webp=1']],
  ['IMAGE/WEBP , text/html', ['webp=1']],
  ['image/avif;q=0.5,image/webp;q=0.1', ['webp=0.1', 'avif=0.5']],
  ['image/avif;q=0,image/webp', ['webp=1']],
  ['image/avif;q=nonsense,image/webp;q=2', []],
  ['image/*;q=0.4,image/png', ['jpeg*=0.4', 'png=1', 'webp*=0.4', 'avif*=0.4', 'gif*=0.4', 'tiff*=0.4']],
  ['*/*;q=0.1,image/*;q=0', []],
];

for (const [accept, expected] of parsed) {
  test(`parses Accept ${accept || 'missing'} as ${expected.join(' ') || 'none'}`, () => {
    const formats = acceptedFormats(accept).map(
      ({ format, weight, named }) => `${format}${named ? '' : '*'}=${weight}`,
    );
    assert.deepEqual(formats, expected);
  });
}

/** A fake service whose workers choose the first accepted format; it remembers the choice. */
function createChoosingService() {
  let known = '';
  return {
    perform: ({ request }: Performed) => {
      const { accept = [], format } = request as { accept?: { format: string }[]; format?: string };
      known = accept[0]?.format ?? format ?? '';
      return { fields: { media_type: `image/${known}` }, image: Buffer.from('made') };
    },
    service: {
      keyOf: (imageId: string, parameters?: Parameters) =>
        known === ''
          ? undefined
          : testKey(imageId, { ...parameters, preset: undefined, format: known } as unknown as Parameters),
    },
  };
}

test('a worker chooses the format in the same exchange, and the ETag is that of its choice', async (t) => {
  const door = await openDoor(t, createChoosingService());
  const get = (headers: Record<string, string>) => fetch(`${door.url}/images/${anyId}?f=auto&w=9`, { headers });
  const response = await get({ accept: 'image/webp' });
  assert.equal(response.headers.get('content-type'), 'image/webp');
  assert.equal(response.headers.get('vary'), 'Accept');
  const etag = String(response.headers.get('etag'));
  assert.equal(etag, testKey(anyId, { width: 9, format: 'webp' }).etag);
  assert.deepEqual(
    door.performed.map(({ request }) => request),
    [
      {
        operation: 'resize',
        image_id: anyId,
        width: 9,
        format: 'auto',
        accept: [{ format: 'webp', weight: 1, named: true }],
      },
    ],
  );
  const again = await get({ accept: 'image/webp', 'if-none-match': etag });
  assert.deepEqual([again.status, again.headers.get('vary'), again.headers.get('etag')], [304, 'Accept', etag]);
});

test("If-None-Match works even if the choice is only known after the worker's answer", async (t) => {
  const door = await openDoor(t, createChoosingService());
  const { etag } = testKey(anyId, { width: 9, format: 'webp' });
  const headers = { accept: 'image/webp', 'if-none-match': etag };
  assert.equal((await fetch(`${door.url}/images/${anyId}?f=auto&w=9`, { headers })).status, 304);
});

test('POST /resize passes the accepted formats on in the same exchange', async (t) => {
  const door = await openDoor(t, createChoosingService());
  const headers = { accept: 'image/webp', 'content-type': 'image/jpeg' };
  const response = await fetch(`${door.url}/resize?format=auto`, { method: 'POST', headers, body: 'image' });
  assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], ['image/webp', 'Accept']);
  assert.deepEqual(
    door.performed.map(({ request, image }) => [request, String(image)]),
    [[{ operation: 'resize', format: 'auto', accept: [{ format: 'webp', weight: 1, named: true }] }, 'image']],
  );
});

test('a preset may use format=auto', async (t) => {
  const presets = { thumb: { width: 9, format: 'auto' as const } };
  const door = await openDoor(t, { ...createChoosingService(), config: { presets } });
  const get = (query: string) => fetch(`${door.url}/images/${anyId}?${query}`, { headers: { accept: 'image/webp' } });
  const response = await get('preset=thumb');
  assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], ['image/webp', 'Accept']);
  const problem = (await (await get('preset=thump')).json()) as Record<string, unknown>;
  assert.deepEqual([problem.status, problem.parameter], [400, 'preset']);
});

test('an image with a preset, which may be reconfigured, is cached for minutes only', async (t) => {
  const door = await openDoor(t, { ...createChoosingService(), config: { presets: { thumb: { width: 9 } } } });
  const control = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${door.url}/images/${anyId}?${query}`, { headers });
    return `${response.status} ${response.headers.get('cache-control')}`;
  };
  assert.equal(await control('preset=thumb'), '200 public, max-age=300');
  assert.equal(await control('preset=thumb', { 'if-none-match': '*' }), '304 public, max-age=300');
  assert.equal(await control('width=9'), '200 public, max-age=31536000, immutable');
});
