import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { distance, green, pixelsOf, plain, red } from '../helpers/images.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';
import { assertHealthy, attempt, post, tally } from './attempt.ts';
import { svg } from './bombs.ts';

/** A web server that must not be contacted; it counts connections. */
async function openTrap(t: TestContext, image: Buffer) {
  let connections = 0;
  const server = createServer((_request, response) => response.end(image)).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

/** Every construct in an SVG that can refer to a file or an address, on a green background that must stay visible. */
function references(target: string): [what: string, file: Buffer][] {
  const canvas = '<rect width="100" height="100" fill="rgb(0,128,0)"/>';
  const all = 'x="0" y="0" width="100" height="100"';
  const around = (body: string, prolog = '') => svg(canvas + body, undefined, prolog);
  return [
    ['image', around(`<image ${all} href="${target}"/>`)],
    ['image by xlink', around(`<image ${all} xlink:href="${target}"/>`)],
    [
      'image in an image',
      around(
        `<image ${all} href="data:image/svg+xml;base64,${svg(`<image ${all} href="${target}"/>`).toString('base64')}"/>`,
      ),
    ],
    ['use', around(`<use ${all} href="${target}#a"/>`)],
    [
      'feImage',
      around(`<filter id="f"><feImage href="${target}"/></filter><rect ${all} fill="none" filter="url(#f)"/>`),
    ],
    ['filter', around(`<rect ${all} fill="none" filter="url(${target}#f)"/>`)],
    ['fill', around(`<rect ${all} fill="url(${target}#f) none"/>`)],
    ['CSS import', around(`<style>@import url("${target}"); @import "${target}";</style>`)],
    [
      'CSS font',
      around(`<style>@font-face { font-family: f; src: url("${target}") }</style><text font-family="f"> </text>`),
    ],
    ['style sheet', around('', `<?xml-stylesheet type="text/css" href="${target}"?>`)],
    ['XInclude', around(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${target}" parse="text"/>`)],
    [
      'foreign object',
      around(`<foreignObject ${all}><img xmlns="http://www.w3.org/1999/xhtml" src="${target}"/></foreignObject>`),
    ],
    ['external entity', around(`<g>&secret;</g>`, `<!DOCTYPE svg [<!ENTITY secret SYSTEM "${target}">]>`)],
    ['parameter entity', around('', `<!DOCTYPE svg [<!ENTITY % secret SYSTEM "${target}"> %secret;]>`)],
    ['document type', around('', `<!DOCTYPE svg SYSTEM "${target}">`)],
  ];
}

test('reads no file or address that an SVG refers to', { timeout: 120_000 }, async (t) => {
  const folder = await temporaryFolder(t, 'secret');
  const secret = await plain(100, 100, red).png().toBuffer();
  const path = join(folder, 'secret.png');
  await writeFile(path, secret);
  const trap = await openTrap(t, secret);
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const zmq = connectZmq(t, service.zmq);
  await post(service, '/images', secret);
  // Paths relative to the store and to the working directory of the service, too.
  const local = [path, pathToFileURL(path).href, 'secret.png', './package.json', 'file:///etc/passwd', '/dev/zero'];
  const codes: string[] = [];

  for (const target of [...local, `${trap.url}/secret.png`, `//${trap.url.slice(5)}/secret.png`]) {
    for (const [what, file] of references(target)) {
      const over = await post(service, '/resize', file);
      const { json, image } = await zmq.call({ operation: 'resize', transfer_encoding: 'binary' }, file);
      const code = json.status === 'success' ? 'success' : String(json.code);
      codes.push(over.code, code);
      assert.equal(code, over.code, `${what} ${target}`);
      if (code !== 'success') {
        assert.equal(code, 'unprocessable_image', `${what} ${target}: ${over.message}`);
        continue;
      }
      for (const made of [over.body, image as Buffer]) {
        const { width, height, at } = await pixelsOf(made);
        for (let x = 5; x < width; x += 10) {
          for (let y = 5; y < height; y += 10) {
            assert.ok(distance(at(x, y).slice(0, 3), green) < 3, `${what} ${target} shows ${at(x, y)}`);
          }
        }
      }
    }
  }
  // Embedded images are rendered, so the references would have shown.
  const inline = `data:image/png;base64,${secret.toString('base64')}`;
  const drawn = await pixelsOf((await post(service, '/resize', references(inline)[0]?.[1] as Buffer)).body);
  assert.ok(distance(drawn.at(50, 50).slice(0, 3), red) < 3);
  await assertHealthy(service, 'references');
  assert.equal(trap.connections(), 0);
  console.log(`SVG references: tried ${codes.length}, answered ${tally(codes)}, read 0, lost 0`);
});

test('serves an SVG with a script so that it cannot run', async (t) => {
  const service = await startService(t, { env: { IMGWIRE_WORKERS: '1' } });
  const script = svg(`<script>fetch('/images')</script><rect width="9" height="9" onclick="alert(1)"/>`);
  const uploaded = await post(service, '/images', script);
  assert.equal(uploaded.status, 201);
  const url = `${service.http}/images/${JSON.parse(String(uploaded.body)).image_id}`;
  for (const [path, init] of [
    ['', {}],
    ['?download=a.svg', {}],
    ['', { headers: { range: 'bytes=0-9' } }],
    ['', { method: 'HEAD' }],
    ['?width=10', {}],
  ] as [string, RequestInit][]) {
    const { headers } = await attempt(url + path, init);
    const policy = String(headers.get('content-security-policy')).split(/;\s*/);
    assert.ok(policy.includes("default-src 'none'") && policy.includes('sandbox'), String(policy));
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(String(headers.get('content-type')), path === '?width=10' ? /^image\/png$/ : /^image\/svg\+xml$/);
  }
  const page = await post(
    service,
    '/images',
    Buffer.from('<html><script>alert(1)</script><svg></svg></html>'),
    'image/svg+xml',
  );
  assert.equal(page.code, 'unsupported_format');
});
