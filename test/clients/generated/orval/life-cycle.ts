import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteImage, getImage, getImageInfo, listImages, makeVariants, putImage, uploadImage } from './api/client';

const [, photo = '', other = '', otherId = '', folder = ''] = process.argv.slice(2);

const uploaded = await uploadImage({ image: new File([await readFile(photo)], 'photo.jpg') });
assert.ok(uploaded.status === 201);
assert.deepEqual([uploaded.data.created, uploaded.data.width, uploaded.data.format], [true, 1200, 'jpeg']);
const id = uploaded.data.image_id;

const put = await putImage(otherId, new Blob([await readFile(other)]));
assert.ok(put.status === 201);
assert.equal(put.data.image_id, otherId);

const original = await getImage(id);
assert.ok(original.status === 200);
await writeFile(join(folder, 'original'), await original.data.bytes());
const resized = await getImage(id, { width: 300, format: 'webp' });
assert.ok(resized.status === 200);
await writeFile(join(folder, 'resized'), await resized.data.bytes());

const info = await getImageInfo(id);
assert.ok(info.status === 200);
assert.deepEqual([info.data.width, info.data.height, info.data.frames, info.data.has_alpha], [1200, 900, 1, false]);

const page = await listImages();
assert.ok(page.status === 200);
assert.deepEqual(page.data.images.map(({ image_id }) => image_id).sort(), [id, otherId].sort());

const variants = [{ width: 100 }, { width: 200, height: 200 }];
const reply = await makeVariants(id, { format: 'webp', fit: 'inside', variants });
assert.ok(reply.status === 200);
assert.deepEqual(
  reply.data.variants.map(({ format, width, height }) => [format, width, height]),
  [
    ['webp', 100, 75],
    ['webp', 200, 150],
  ],
);

const refused = await getImage(id, { background: 'no-colour' });
assert.ok(refused.status === 400);
assert.deepEqual([refused.data.code, refused.data.parameter], ['invalid_request', 'background']);

assert.equal((await deleteImage(id)).status, 204);
const missing = await getImage(id);
assert.ok(missing.status === 404);
assert.equal(missing.data.code, 'not_found');
