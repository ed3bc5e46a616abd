import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AcceptedFormat } from '../../src/contract/lane.ts';
import { acceptedFormats } from '../../src/gateway/http/negotiation/accepted-formats.ts';
import { anyId, openDoor, type Performed, testKey } from './door.ts';

const chrome = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

test('Accept becomes the output formats that it names or covers, with their weights', () => {
  const of = (accept: string | undefined) =>
    Object.fromEntries(acceptedFormats(accept).map(({ format, weight, named }) => [format, [weight, named]]));
  const all = (weight: number) =>
    Object.fromEntries(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'].map((format) => [format, [weight, false]]));
  assert.deepEqual(of(undefined), {});
  assert.deepEqual(of('text/html'), {});
  assert.deepEqual(of('*/*'), all(1));
  assert.deepEqual(of(chrome), { ...all(1), avif: [1, true], webp: [1, true] });
  assert.deepEqual(of('IMAGE/WEBP;q=0.5 , image/*;q=0.1'), { ...all(0.1), webp: [0.5, true] });
  assert.deepEqual(of('image/avif;q=0,image/webp;q=nonsense,image/png'), { png: [1, true] });
});

/** Stands in for workers that choose the first format that is named, and for a service that remembers the choice. */
function remembering() {
  const chosen = new Map<string, 'webp' | 'avif' | 'jpeg'>();
  const textOf = (accept: unknown) => JSON.stringify(accept);
  return {
    perform({ request }: Performed) {
      const { format: asked, accept = [] } = request as { format?: string; accept?: AcceptedFormat[] };
      const named = (['avif', 'webp'] as const).find((one) => accept.some((item) => item.named && item.format === one));
      const format = asked === 'auto' ? (named ?? 'jpeg') : (asked ?? 'jpeg');
      if (asked === 'auto') chosen.set(textOf(accept), named ?? 'jpeg');
      return { fields: { media_type: `image/${format}` }, image: Buffer.from(format) };
    },
    service: {
      keyOf(imageId: string, parameters?: object, accept?: readonly unknown[]) {
        const { format, ...rest } = (parameters ?? {}) as { format?: string };
        if (format !== 'auto') return testKey(imageId, parameters ?? {});
        const choice = chosen.get(textOf(accept));
        return choice && testKey(imageId, { ...rest, format: choice });
      },
      has: () => true,
    },
  };
}

test('with format=auto a worker chooses, in one exchange, and each choice has its own tag and Vary', async (t) => {
  const door = await openDoor(t, remembering());
  const get = (headers: Record<string, string>) => fetch(`${door.url}/images/${anyId}?f=auto&w=9`, { headers });
  const [avif, webp, plain] = [
    await get({ accept: chrome }),
    await get({ accept: 'image/webp' }),
    await get({ accept: '*/*' }),
  ];
  assert.equal(door.performed.length, 3);
  const asked = door.performed.map(({ request }) => (request as { accept?: unknown }).accept);
  assert.deepEqual(asked[1], acceptedFormats('image/webp'));
  const tags = [avif, webp, plain].map((response) => response.headers.get('etag'));
  assert.equal(new Set(tags).size, 3);
  for (const response of [avif, webp, plain]) assert.equal(response.headers.get('vary'), 'Accept');
  const explicit = await fetch(`${door.url}/images/${anyId}?width=9&format=webp`);
  assert.deepEqual([explicit.headers.get('etag'), explicit.headers.get('vary')], [tags[1], null]);

  const known = await get({ accept: chrome, 'if-none-match': tags[0] as string });
  assert.deepEqual([known.status, known.headers.get('vary')], [304, 'Accept']);
  assert.equal((await get({ accept: 'image/webp', 'if-none-match': tags[0] as string })).status, 200);
});

test('POST /resize sends the accepted formats along in its one exchange', async (t) => {
  const door = await openDoor(t, remembering());
  const headers = { accept: 'image/webp', 'content-type': 'image/jpeg' };
  const response = await fetch(`${door.url}/resize?format=auto`, { method: 'POST', headers, body: 'image' });
  assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], ['image/webp', 'Accept']);
  assert.deepEqual(
    door.performed.map(({ request, image }) => [request, String(image)]),
    [[{ operation: 'resize', format: 'auto', accept: acceptedFormats('image/webp') }, 'image']],
  );
});

test('what a preset stands for can change: its URLs are not immutable, and its format may be auto', async (t) => {
  const config = { presets: { thumb: { width: 9, format: 'auto' as const } } };
  const door = await openDoor(t, { config, perform: () => ({ fields: { media_type: 'image/webp' } }) });
  const get = (query: string) => fetch(`${door.url}/images/${anyId}?${query}`, { headers: { accept: 'image/webp' } });
  const [named, explicit] = [await get('preset=thumb'), await get('width=9')];
  assert.equal(named.headers.get('cache-control'), 'public, max-age=300');
  assert.equal(named.headers.get('vary'), 'Accept');
  assert.equal(explicit.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  const etag = String(named.headers.get('etag'));
  const cached = await openDoor(t, { config, service: { has: () => true } });
  const headers = { accept: 'image/webp', 'if-none-match': etag };
  const known = await fetch(`${cached.url}/images/${anyId}?preset=thumb`, { headers });
  assert.deepEqual([known.status, known.headers.get('cache-control')], [304, 'public, max-age=300']);
  const problem = (await (await get('preset=thump')).json()) as Record<string, unknown>;
  assert.deepEqual([problem.status, problem.parameter], [400, 'preset']);
});
