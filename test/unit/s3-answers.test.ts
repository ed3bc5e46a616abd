import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openBucket } from '../../src/worker/store/s3/bucket.ts';
import { listById, listNewest } from '../../src/worker/store/s3/list.ts';
import { listKeys } from '../../src/worker/store/s3/list-keys.ts';

process.env.AWS_ACCESS_KEY_ID = 'id';
process.env.AWS_SECRET_ACCESS_KEY = 'secret';

interface Page {
  keys: string[];
  /** Continuation token of the next page. */
  next?: string;
}

const xml = ({ keys, next }: Page) => `<?xml version="1.0"?><ListBucketResult>
  <IsTruncated>${next !== undefined}</IsTruncated>
  ${next ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}
  ${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('')}
</ListBucketResult>`;

/** A bucket on an engine that answers each list with the page of its continuation token, or else with the first. */
const openPages = (t: TestContext, pages: Record<string, Page>) =>
  openEngine(t, ({ url = '' }, response) => {
    const { searchParams } = new URL(url, 'http://engine');
    response.end(xml(pages[searchParams.get('continuation-token') ?? 'first'] as Page));
  });

async function openEngine(t: TestContext, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bucket = await openBucket({
    s3Bucket: 'images',
    s3Endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    s3Region: 'us-east-1',
    s3ForcePathStyle: true,
  });
  t.after(() => {
    bucket.close();
    server.close();
  });
  return bucket;
}

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const signal = AbortSignal.timeout(10_000);

test('continues a list after a page without objects, as engines send after deletions', async (t) => {
  const bucket = await openPages(t, {
    first: { keys: [], next: 'second' },
    second: { keys: [a], next: 'third' },
    third: { keys: [], next: 'fourth' },
    fourth: { keys: [b] },
  });
  const { images } = await listById(bucket, { limit: 10, signal });
  assert.deepEqual(
    images.map(({ imageId }) => imageId),
    [a, b],
  );
  assert.deepEqual(await listNewest(bucket, { limit: 10, signal }), { images: [] });
  const keys: string[] = [];
  for await (const page of listKeys(bucket, { signal })) keys.push(...page);
  assert.deepEqual(keys, [a, b]);
});

for (const [what, pages] of Object.entries<Record<string, Page>>({
  'without a continuation token': { first: { keys: [], next: '' } },
  'with its own continuation token': { first: { keys: [a], next: 'same' }, same: { keys: [b], next: 'same' } },
})) {
  test(`ends a list at a truncated page ${what}`, async (t) => {
    const bucket = await openPages(t, pages);
    for (const list of [listById, listNewest]) {
      await assert.rejects(list(bucket, { limit: 10, signal }), { code: 'store_unavailable', stage: 'store' });
    }
    assert.equal(signal.aborted, false);
  });
}

for (const [type, body] of [
  ['text/html', '<!doctype html><title>Console</title>'],
  ['application/xml', '<?xml version="1.0"?><feed/>'],
] as const) {
  test(`rejects a server that answers everything with ${type}`, async (t) => {
    const bucket = await openEngine(t, (_request, response) => response.setHeader('content-type', type).end(body));
    const isRejected = { code: 'store_unavailable', message: 'The store cannot be used: NotS3' };
    await assert.rejects(bucket.list({ limit: 1, signal }), isRejected);
    if (type !== 'text/html') return;
    await assert.rejects(bucket.head(a, { signal }), isRejected);
    await assert.rejects(bucket.get(a, { signal }), isRejected);
    await assert.rejects(bucket.put(a, Buffer.from('image'), { signal }), isRejected);
    await assert.rejects(bucket.delete([a], { signal }), isRejected);
  });
}
