import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFormat, type Source } from '../../src/gateway/http/auto-format.ts';
import { anyId, openDoor } from './door.ts';

const still: Source = { format: 'jpeg', frames: 1 };
const moving: Source = { format: 'gif', frames: 3 };
const chrome = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

const choices: [accept: string, source: Source, format: string, parameters?: object][] = [
  ['', still, 'jpeg'],
  ['*/*', still, 'jpeg'],
  ['image/*', still, 'jpeg'],
  [chrome, still, 'avif'],
  ['image/webp,*/*', still, 'webp'],
  ['IMAGE/WEBP , */*', still, 'webp'],
  ['image/avif;q=0.5,image/webp', still, 'webp'],
  ['image/avif;q=0.5,image/webp;q=0.5', still, 'avif'],
  ['image/avif;q=0,image/webp;q=0.1', still, 'webp'],
  ['image/avif;q=0.5,image/*;q=0.9', still, 'jpeg'],
  ['image/avif;q=0.5,image/jpeg;q=0.4', still, 'avif'],
  ['image/avif;q=nonsense,image/webp;q=2', still, 'jpeg'],
  ['text/html', still, 'jpeg'],
  [chrome, moving, 'webp'],
  ['image/avif', moving, 'gif'],
  ['image/avif', moving, 'avif', { animated: false }],
  ['image/avif', moving, 'avif', { page: 1 }],
  ['image/avif,*/*', { format: 'webp', frames: 2 }, 'webp'],
  ['image/avif,*/*', { format: 'tiff', frames: 2 }, 'avif'],
  ['*/*', { format: 'svg', frames: 1 }, 'png'],
  ['image/webp,*/*', { format: 'avif', frames: 1 }, 'webp'],
  ['*/*', still, 'png', { lossless: true }],
];

for (const [accept, source, format, parameters = {}] of choices) {
  test(`${accept || 'no Accept'} for ${source.frames} in ${source.format} ${JSON.stringify(parameters)} is ${format}`, () => {
    assert.equal(chooseFormat(accept, source, parameters), format);
  });
}

function answer({ request }: { request: { operation: string; format?: string } }) {
  if (request.operation === 'info') return { reply: { format: 'jpeg', frames: 1 } } as never;
  return { reply: { media_type: `image/${request.format}` }, image: Buffer.from('made') } as never;
}

test('workers are asked for the format that was chosen, and each has its own tag and Vary', async (t) => {
  const door = await openDoor(t, { answer });
  const get = (headers: Record<string, string>) => fetch(`${door.url}/images/${anyId}?f=auto&w=9`, { headers });
  const [avif, webp, plain] = [
    await get({ accept: chrome }),
    await get({ accept: 'image/webp' }),
    await get({ accept: '*/*' }),
  ];
  const tags = [avif, webp, plain].map((response) => response.headers.get('etag'));
  assert.equal(new Set(tags).size, 3);
  const written = await fetch(`${door.url}/images/${anyId}?width=9&format=webp`);
  assert.deepEqual([written.headers.get('etag'), written.headers.get('vary')], [tags[1], null]);
  for (const response of [avif, webp, plain]) assert.equal(response.headers.get('vary'), 'Accept');
  assert.deepEqual(
    door.asked
      .filter(({ request }) => request.operation === 'resize')
      .map(({ request }) => (request as { format?: string }).format),
    ['avif', 'webp', 'jpeg', 'webp'],
  );
  const known = await get({ accept: chrome, 'if-none-match': tags[0] as string });
  assert.deepEqual([known.status, known.headers.get('vary')], [304, 'Accept']);
  assert.equal((await get({ accept: 'image/webp', 'if-none-match': tags[0] as string })).status, 200);
});

test('POST /resize chooses as well', async (t) => {
  const door = await openDoor(t, { answer });
  const headers = { accept: 'image/webp', 'content-type': 'image/jpeg' };
  const response = await fetch(`${door.url}/resize?format=auto`, { method: 'POST', headers, body: 'image' });
  assert.deepEqual([response.headers.get('content-type'), response.headers.get('vary')], ['image/webp', 'Accept']);
  assert.deepEqual(
    door.asked.map(({ request, image }) => [request.operation, String(image)]),
    [
      ['info', 'image'],
      ['resize', 'image'],
    ],
  );
});

test('a preset is written out before a worker is asked, and tagged as what it says', async (t) => {
  const config = {
    maxUploadBytes: 100_000,
    timeoutMs: 5_000,
    corsOrigins: [] as string[],
    presets: { thumb: { width: 9, format: 'auto' as const } },
  };
  const door = await openDoor(t, { answer, config });
  const get = (query: string) => fetch(`${door.url}/images/${anyId}?${query}`, { headers: { accept: 'image/webp' } });
  const [named, written] = [await get('preset=thumb&height=5'), await get('height=5&width=9&format=webp')];
  assert.equal(named.headers.get('etag'), written.headers.get('etag'));
  assert.deepEqual(door.asked.at(1)?.request, {
    operation: 'resize',
    image_id: anyId,
    width: 9,
    height: 5,
    format: 'webp',
  });
  const problem = (await (await get('preset=thump')).json()) as Record<string, unknown>;
  assert.deepEqual([problem.status, problem.parameter], [400, 'preset']);
});
