import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { after, before, test } from 'node:test';
import { distance, green, pixelsOf, plain, quarters, red, svg, truncated } from '../helpers/images.ts';
import { closeWith } from '../helpers/owner.ts';
import { type StartedWorker, startWorker } from '../helpers/worker-process.ts';

let worker: StartedWorker;
let photo: Buffer;
let photoId: string;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const absent = '0'.repeat(64);

before(async () => {
  worker = await startWorker({ env: { IMGWIRE_MAX_UPLOAD_BYTES: '100000', IMGWIRE_MAX_INPUT_PIXELS: '1000000' } });
  assert.deepEqual(worker.first, { type: 'ready' });
  photo = await (await quarters(80, 40)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  photoId = sha256(photo);
  await worker.ask({ operation: 'upload' }, photo);
});

after(() => worker.stop());

test('ping answers with the versions of the service and the codecs', async () => {
  const { reply, frames } = await worker.ask({ operation: 'ping', request_id: 'a' });
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(frames.length, 1);
  assert.deepEqual(Object.keys(reply), ['status', 'request_id', 'message', 'version']);
  assert.deepEqual([reply.status, reply.request_id, reply.message], ['success', 'a', 'pong']);
  assert.match(String(reply.version), /^\d+\.\d+\.\d+\+sharp\.[\d.]+\.vips\.[\d.]+$/);
  assert.ok(String(reply.version).startsWith(`${version}+`));
});

test('creates a request id if none is given', async () => {
  const [one, two] = [await worker.ask({ operation: 'ping' }), await worker.ask({ operation: 'ping' })];
  assert.match(String(one.reply.request_id), /^[0-9a-f-]{36}$/);
  assert.notEqual(one.reply.request_id, two.reply.request_id);
});

const uploads: [string, (image: Buffer) => [object, ...Buffer[]]][] = [
  ['a second frame', (image) => [{}, image]],
  ['base64', (image) => [{ image_data: image.toString('base64') }]],
  ['base64url', (image) => [{ image_data: image.toString('base64url') }]],
  ['a data: URI', (image) => [{ image_data: `data:image/png;base64,${image.toString('base64')}` }]],
];
for (const [index, [name, frames]] of uploads.entries()) {
  test(`upload accepts an image as ${name}`, async () => {
    const image = await plain(10 + index, 7, red)
      .png()
      .toBuffer();
    const [fields, ...rest] = frames(image);
    const request = { operation: 'upload', request_id: 'u', ...fields };
    const first = await worker.ask(request, ...rest);
    assert.deepEqual(first.reply, {
      status: 'success',
      request_id: 'u',
      message: 'Image uploaded successfully',
      image_id: sha256(image),
      created: true,
      format: 'png',
      media_type: 'image/png',
      width: 10 + index,
      height: 7,
      size: image.length,
    });
    const again = await worker.ask(request, ...rest);
    assert.deepEqual(again.reply, { ...first.reply, created: false });
    const back = await worker.ask({ operation: 'retrieve', image_id: sha256(image), transfer_encoding: 'binary' });
    assert.deepEqual(back.frames[1], image);
  });
}

test('upload returns the upright size', async () => {
  const { reply } = await worker.ask({ operation: 'upload' }, photo);
  assert.deepEqual([reply.width, reply.height, reply.created], [40, 80, false]);
});

test('upload rejects non-images, too many bytes or pixels, and invalid base64', async () => {
  const upload = { operation: 'upload' };
  const huge = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"/>');
  const refused = async (code: string, ...frames: (object | Buffer)[]) => {
    const { reply } = await worker.ask(...frames);
    assert.deepEqual([reply.status, reply.code], ['error', code], JSON.stringify(reply));
    return reply;
  };
  const text = await refused('unsupported_format', upload, Buffer.from('hello'));
  assert.match(String(text.message), /jpeg, png, webp, avif, gif, tiff, svg/);
  await refused('unsupported_format', upload, Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'));
  await refused('unprocessable_image', upload, huge);
  await refused('too_large', upload, Buffer.alloc(100_001));
  await refused('too_large', { ...upload, image_data: Buffer.alloc(100_001).toString('base64') });
  await refused('invalid_request', upload, Buffer.alloc(0));
  await refused('invalid_request', { ...upload, image_data: '' });
  await refused('invalid_request', upload);
  await refused('invalid_request', { ...upload, image_data: photo.toString('base64') }, photo);
  const garbage = await refused('invalid_request', { ...upload, image_data: '<html>' });
  assert.deepEqual(
    [garbage.parameter, garbage.message],
    ['image_data', 'Expected base64 for image_data but received "<html>"'],
  );
});

test('retrieve returns the original file in base64, in one frame, with image_data last', async () => {
  const { reply, frames } = await worker.ask({ operation: 'retrieve', image_id: photoId, request_id: 'r' });
  assert.equal(frames.length, 1);
  assert.deepEqual(Object.keys(reply), [
    'status',
    'request_id',
    'message',
    'format',
    'media_type',
    'size',
    'image_data',
  ]);
  assert.deepEqual(Buffer.from(String(reply.image_data), 'base64'), photo);
  assert.deepEqual([reply.format, reply.media_type, reply.size], ['jpeg', 'image/jpeg', photo.length]);
});

test('retrieve returns any part of the file, with the format and size of the whole', async () => {
  const { length: size } = photo;
  for (const [offset, length] of [
    [0, 0],
    [0, 3],
    [2, 1],
    [0, size],
    [100, undefined],
    [size - 1, 50],
    [size, 1],
  ]) {
    const range = { offset, ...(length === undefined ? {} : { length }) };
    const request = { operation: 'retrieve', image_id: photoId, transfer_encoding: 'binary', ...range };
    const { reply, frames } = await worker.ask(request);
    assert.equal(frames.length, 2);
    const end = length === undefined ? size : (offset as number) + length;
    assert.deepEqual(frames[1], photo.subarray(offset, end), JSON.stringify(range));
    assert.deepEqual([reply.format, reply.size, 'image_data' in reply], ['jpeg', size, false]);
  }
  const { reply: empty } = await worker.ask({ operation: 'retrieve', image_id: photoId, length: 0 });
  assert.equal(empty.image_data, '');
});

test('retrieve rejects an offset beyond the end, and names the size', async () => {
  const { reply } = await worker.ask({ operation: 'retrieve', image_id: photoId, offset: photo.length + 1 });
  assert.deepEqual([reply.code, reply.parameter], ['invalid_request', 'offset']);
  assert.ok(String(reply.message).includes(String(photo.length)));
});

test('retrieve resolves ranges like HTTP, and rejects none', async () => {
  const { length: size } = photo;
  const ranges: [range: { first?: number; last?: number }, start: number, end: number][] = [
    [{ first: 0, last: 0 }, 0, 1],
    [{ first: 2, last: 9 }, 2, 10],
    [{ first: 100 }, 100, size],
    [{ first: 100, last: size + 50 }, 100, size],
    [{ last: 7 }, size - 7, size],
    [{ last: size + 50 }, 0, size],
    [{ last: 0 }, size, size],
    [{ first: size }, size, size],
    [{ first: size + 50, last: size + 60 }, size, size],
    [{ first: 9, last: 2 }, 9, 9],
  ];
  for (const [range, start, end] of ranges) {
    const request = { operation: 'retrieve', image_id: photoId, transfer_encoding: 'binary', range };
    const { reply, frames } = await worker.ask(request);
    assert.deepEqual(frames[1], photo.subarray(start, end), JSON.stringify(range));
    assert.deepEqual([reply.format, reply.size, reply.offset], ['jpeg', size, start], JSON.stringify(range));
  }
});

test('a second frame may contain the base64 text of image_data', async () => {
  const text = photo.toString('base64').replaceAll('/', '\\/');
  const request = { operation: 'info', image_encoding: 'base64' };
  const { reply } = await worker.ask(request, Buffer.from(text));
  assert.deepEqual([reply.status, reply.size], ['success', photo.length]);
  const { reply: refused } = await worker.ask(request, Buffer.from(`${text}"`));
  assert.deepEqual([refused.code, refused.parameter], ['invalid_request', 'image_data']);
});

test('chooses format=auto from the accepted formats, per variant, and rejects it without them', async () => {
  const accept = [{ format: 'webp', weight: 1, named: true }];
  const request = { operation: 'resize', image_id: photoId, width: 8, format: 'auto', transfer_encoding: 'binary' };
  const { reply } = await worker.ask({ ...request, accept });
  assert.equal(reply.format, 'webp');
  const sets = await worker.ask({ ...request, accept, variants: [{}, { format: 'png' }] });
  assert.deepEqual(
    (sets.reply.variants as { format: string }[]).map(({ format }) => format),
    ['webp', 'png'],
  );
  assert.equal((await worker.ask({ ...request, accept: [] })).reply.format, 'jpeg');
  const { reply: refused } = await worker.ask(request);
  assert.deepEqual([refused.code, refused.parameter], ['invalid_request', 'format']);
});

test('rejects an invalid image_id, and answers not_found for an unknown one', async () => {
  for (const operation of ['retrieve', 'resize', 'info', 'delete']) {
    const { reply: missing } = await worker.ask({ operation, image_id: absent });
    assert.deepEqual([missing.code, missing.message], ['not_found', `No image ${absent}`], operation);
    for (const image_id of ['../../etc/passwd', absent.slice(1), 'A'.repeat(64), 7]) {
      const { reply } = await worker.ask({ operation, image_id });
      assert.deepEqual([reply.code, reply.parameter], ['invalid_request', 'image_id'], operation);
    }
  }
});

test('resize gives the same result for a stored and a sent image', async () => {
  const parameters = { operation: 'resize', width: 20, format: 'png', transfer_encoding: 'binary' };
  const stored = await worker.ask({ ...parameters, image_id: photoId });
  const sent = await worker.ask(parameters, photo);
  const text = await worker.ask({ ...parameters, image_data: photo.toString('base64') });
  assert.deepEqual(stored.frames[1], sent.frames[1]);
  assert.deepEqual(stored.frames[1], text.frames[1]);
  const { request_id: _, ...reply } = stored.reply;
  assert.deepEqual(reply, {
    status: 'success',
    message: 'Image resized successfully',
    format: 'png',
    media_type: 'image/png',
    width: 20,
    height: 40,
    size: stored.frames[1]?.length,
  });
  const { at, width, height } = await pixelsOf(stored.frames[1] as Buffer);
  assert.deepEqual([width, height], [20, 40]);
  assert.ok(distance(at(15, 5), red) < 30, String(at(15, 5)));
  assert.ok(distance(at(15, 35), green) < 30, String(at(15, 35)));
});

test('resize answers in one frame unless binary is requested', async () => {
  const { reply, frames } = await worker.ask({ operation: 'resize', width: 20 }, photo);
  assert.equal(frames.length, 1);
  assert.equal(Object.keys(reply).at(-1), 'image_data');
  const image = Buffer.from(String(reply.image_data), 'base64');
  assert.equal(image.length, reply.size);
  assert.equal((await pixelsOf(image)).width, 20);
});

test('resize rejects and names invalid parameters', async () => {
  const refusals: [object, string][] = [
    [{ width: 0 }, 'width'],
    [{ width: '20' }, 'width'],
    [{ height: 8193 }, 'height'],
    [{ width: 8000, height: 8000 }, 'width'],
    [{ fit: 'stretch' }, 'fit'],
    [{ background: 'no colour' }, 'background'],
    [{ format: 'bmp' }, 'format'],
    [{ w: 3, width: 4 }, 'width'],
    [{ widht: 3 }, 'widht'],
  ];
  for (const [parameters, parameter] of refusals) {
    const { reply } = await worker.ask({ operation: 'resize', image_id: photoId, ...parameters });
    assert.deepEqual([reply.code, reply.parameter], ['invalid_request', parameter], JSON.stringify(reply));
  }
});

test('rejects a truncated image on upload and on resize', async () => {
  const cut = truncated(await (await quarters(400, 400)).jpeg().toBuffer());
  for (const request of [{ operation: 'upload' }, { operation: 'resize', width: 10 }]) {
    const { reply } = await worker.ask(request, cut);
    assert.equal(reply.code, 'unprocessable_image');
    assert.match(String(reply.message), /^Expected an intact jpeg image but it cannot be decoded: /);
  }
  const image_id = createHash('sha256').update(cut).digest('hex');
  const { reply: missing } = await worker.ask({ operation: 'retrieve', image_id });
  assert.equal(missing.code, 'not_found');
});

test('recognizes an SVG with a late root element for any part of it', async () => {
  const late = Buffer.from(`<!--${'licence '.repeat(500)}-->${svg.toString().replace(/^[\s\S]*?(?=<svg)/, '')}`);
  const { reply: stored } = await worker.ask({ operation: 'upload' }, late);
  assert.equal(stored.format, 'svg', String(stored.message));
  const { image_id } = stored;
  for (const part of [{}, { length: 10 }, { offset: 4000, length: 10 }, { range: { first: 2, last: 9 } }]) {
    const { reply } = await worker.ask({ operation: 'retrieve', image_id, ...part });
    assert.equal(reply.format, 'svg', JSON.stringify(reply));
  }
});

test('info describes a stored image, and a sent one without created_at', async () => {
  const { reply: stored } = await worker.ask({ operation: 'info', image_id: photoId });
  const { request_id: _, created_at: createdAt, ...fields } = stored;
  assert.deepEqual(fields, {
    status: 'success',
    message: 'Image described successfully',
    format: 'jpeg',
    media_type: 'image/jpeg',
    width: 40,
    height: 80,
    size: photo.length,
    frames: 1,
    orientation: 6,
    has_alpha: false,
    color_space: 'srgb',
  });
  assert.ok(Math.abs(Date.parse(String(createdAt)) - Date.now()) < 60_000);
  const { reply: sent } = await worker.ask({ operation: 'info' }, svg);
  assert.deepEqual([sent.format, sent.width, sent.height, sent.has_alpha], ['svg', 40, 20, true]);
  assert.equal('created_at' in sent, false);
});

test('list pages through every image, and delete removes one', async () => {
  const ids = async () => {
    const found: string[] = [];
    let cursor: unknown;
    do {
      const { reply } = await worker.ask({ operation: 'list', limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      const images = reply.images as { image_id: string; size: number; created_at: string }[];
      found.push(...images.map(({ image_id }) => image_id));
      cursor = reply.next_cursor;
    } while (cursor !== undefined);
    return found;
  };
  const image = await plain(3, 3, green).png().toBuffer();
  await worker.ask({ operation: 'upload' }, image);
  const before = await ids();
  assert.ok(before.includes(sha256(image)) && before.includes(photoId));
  assert.deepEqual(before, [...before].sort());

  const { reply } = await worker.ask({ operation: 'delete', image_id: sha256(image), request_id: 'd' });
  assert.deepEqual(reply, {
    status: 'success',
    request_id: 'd',
    message: 'Image deleted successfully',
    image_id: sha256(image),
  });
  assert.deepEqual(
    await ids(),
    before.filter((id) => id !== sha256(image)),
  );
});

test('list rejects an invalid cursor and a limit out of range', async () => {
  const { reply: cursor } = await worker.ask({ operation: 'list', cursor: 'abc' });
  assert.deepEqual([cursor.code, cursor.parameter], ['invalid_request', 'cursor']);
  const { reply: limit } = await worker.ask({ operation: 'list', limit: 1001 });
  assert.deepEqual([limit.code, limit.parameter], ['invalid_request', 'limit']);
});

const malformed: [string, (string | Buffer)[], string][] = [
  ['an empty message', [''], 'invalid_request'],
  ['text', ['hello'], 'invalid_request'],
  ['truncated JSON', ['{"operation":"ping"'], 'invalid_request'],
  ['an array', ['[]'], 'invalid_request'],
  ['null', ['null'], 'invalid_request'],
  ['NaN', ['{"operation":"resize","width":NaN}'], 'invalid_request'],
  ['bytes that are not UTF-8', [Buffer.from([0x7b, 0xff, 0x7d])], 'invalid_request'],
  ['four frames', ['{"operation":"ping"}', 'a', 'b', 'c'], 'invalid_request'],
  ['an unexpected image', ['{"operation":"ping"}', 'a'], 'invalid_request'],
  ['no operation', ['{}'], 'invalid_request'],
  ['an unknown operation', ['{"operation":"explode"}'], 'invalid_operation'],
  ['a name inherited by every object', ['{"operation":"toString"}'], 'invalid_operation'],
  ['a foreign prototype', ['{"operation":"ping","__proto__":{"a":1}}'], 'invalid_request'],
];
for (const [name, frames, code] of malformed) {
  test(`answers ${name} with ${code}, and serves the next request`, async () => {
    const { reply, frames: answer } = await worker.ask(...frames);
    assert.equal(answer.length, 1);
    assert.deepEqual([reply.status, reply.code], ['error', code]);
    assert.ok(reply.message);
    assert.equal((await worker.ask({ operation: 'ping' })).reply.status, 'success');
  });
}

test("an error has the request's id, if it is usable", async () => {
  const { reply } = await worker.ask({ operation: 'explode', request_id: 'mine' });
  assert.equal(reply.request_id, 'mine');
  const { reply: other } = await worker.ask({ operation: 'ping', request_id: 'two\nlines' });
  assert.deepEqual([other.code, other.parameter], ['invalid_request', 'request_id']);
  assert.match(String(other.request_id), /^[0-9a-f-]{36}$/);
});

test('logs one line per request, with its id, operation, outcome and duration', async () => {
  await worker.ask({ operation: 'info', image_id: absent, request_id: 'logged-1' });
  await worker.ask({ operation: 'list', request_id: 'logged-2' });
  // The log pipe may lag behind the reply.
  const lines = () => worker.log.filter(({ request_id }) => String(request_id).startsWith('logged-'));
  while (lines().length < 2) await once(worker.child.stdout as NodeJS.ReadableStream, 'data');
  const [failed, done] = lines();
  assert.deepEqual(
    [failed?.part, failed?.operation, failed?.status, failed?.code, typeof failed?.duration_ms],
    ['worker', 'info', 'error', 'not_found', 'number'],
  );
  assert.deepEqual([done?.operation, done?.status], ['list', 'success']);
  assert.equal(lines().length, 2);
});

test('answers heartbeats', async () => {
  const answer = once(worker.child, 'message');
  worker.child.send({ type: 'heartbeat' });
  const [{ memory, ...message }] = await answer;
  assert.deepEqual(message, { type: 'heartbeat' });
  assert.ok(memory > 20_000_000 && memory < 1_000_000_000, `${memory} bytes`);
});

test('runs at a lower priority than the gateway, image threads lower', {
  skip: process.platform !== 'linux',
}, () => {
  const { pid } = worker.child;
  const nice = (thread: number | string) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]);
  const own = nice(pid as number);
  const threads = readdirSync(`/proc/${pid}/task`).map(nice);
  assert.ok(Math.min(...threads) > getPriority(), 'every thread has a lower priority than the parent process');
  const lowerPriority = threads.filter((value) => value > own).length;
  assert.ok(lowerPriority >= 4, `${lowerPriority} threads have a lower priority than the main thread`);
});

test('ignores SIGINT, and exits cleanly when its gateway has gone', async (t) => {
  const other = await startWorker();
  closeWith(t, () => other.stop());
  other.child.kill('SIGINT');
  assert.equal((await other.ask({ operation: 'ping' })).reply.status, 'success');
  const exit = once(other.child, 'exit');
  other.child.disconnect();
  assert.deepEqual(await exit, [0, null]);
});

test('does not wait for work in progress when its gateway has gone', async (t) => {
  const other = await startWorker({ env: { IMGWIRE_LOG_LEVEL: 'debug' } });
  closeWith(t, () => other.stop());
  const image = await plain(100, 100, red).png().toBuffer();
  other.ask({ operation: 'resize', width: 8000, format: 'avif' }, image).catch(() => {});
  while (!other.log.some(({ msg }) => msg === 'started')) {
    await once(other.child.stdout as NodeJS.ReadableStream, 'data');
  }
  const exit = once(other.child, 'exit');
  other.child.disconnect();
  assert.deepEqual(await exit, [null, 'SIGKILL']);
});

test('reports why it cannot start, and exits', async (t) => {
  const causes: [Parameters<typeof startWorker>[0], RegExp][] = [
    [{ env: { IMGWIRE_STORE: 'fs', IMGWIRE_DATA_DIR: '/proc/no/data' } }, /\/proc\/no\/data/],
    [{ endpoint: 'carrier-pigeon://roof' }, /carrier-pigeon:\/\/roof/],
    [{ env: { IMGWIRE_TIMEOUT_MS: 'soon' } }, /IMGWIRE_TIMEOUT_MS/],
  ];
  for (const [options, pattern] of causes) {
    const failed = await startWorker(options);
    closeWith(t, () => failed.stop());
    assert.equal(failed.first.type, 'failed');
    assert.match(String(failed.first.message), pattern);
    if (failed.child.exitCode === null) await once(failed.child, 'exit');
    assert.equal(failed.child.exitCode, 1);
  }
});
