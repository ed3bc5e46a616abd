import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { client } from './api/client.gen';
import { deleteImage, getImage, getImageInfo, listImages, makeVariants, putImage, uploadImage } from './api/index';

const [baseUrl = '', photo = '', other = '', otherId = '', folder = ''] = process.argv.slice(2);
client.setConfig({ baseUrl });

const { data: stored } = await uploadImage({ body: { image: new File([await readFile(photo)], 'photo.jpg') } });
assert.ok(stored?.created);
assert.deepEqual([stored.width, stored.format], [1200, 'jpeg']);
const path = { image_id: stored.image_id };

const { data: put } = await putImage({ path: { image_id: otherId }, body: new Blob([await readFile(other)]) });
assert.deepEqual([put?.created, put?.image_id], [true, otherId]);

const original = await getImage({ path });
assert.ok(original.data);
await writeFile(join(folder, 'original'), await original.data.bytes());
const resized = await getImage({ path, query: { width: 300, format: 'webp' } });
assert.ok(resized.data);
await writeFile(join(folder, 'resized'), await resized.data.bytes());

const { data: info } = await getImageInfo({ path });
assert.deepEqual([info?.width, info?.height, info?.frames, info?.has_alpha], [1200, 900, 1, false]);

const { data: page } = await listImages();
assert.deepEqual(page?.images.map(({ image_id }) => image_id).sort(), [path.image_id, otherId].sort());

const variants = [{ width: 100 }, { width: 200, height: 200 }];
const { data: reply } = await makeVariants({ path, body: { format: 'webp', fit: 'inside', variants } });
assert.deepEqual(
  reply?.variants.map(({ format, width, height }) => [format, width, height]),
  [
    ['webp', 100, 75],
    ['webp', 200, 150],
  ],
);

const refused = await getImage({ path, query: { background: 'no-colour' } });
assert.deepEqual([refused.error?.code, refused.error?.parameter], ['invalid_request', 'background']);

const deleted = await deleteImage({ path });
assert.equal(deleted.response?.status, 204);
const missing = await getImage({ path });
assert.deepEqual([missing.response?.status, missing.error?.code], [404, 'not_found']);
