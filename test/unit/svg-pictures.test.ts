import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNames } from '../../src/contract/formats.ts';
import { srgbPrimaries } from '../../src/worker/images/colour/colour-space.ts';
import { setPngColour } from '../../src/worker/images/colour/png-colour.ts';
import { inspect } from '../../src/worker/images/inspect.ts';
import { avifFile } from '../helpers/avif-files.ts';
import { cameraExif, withExif } from '../helpers/camera-exif.ts';
import { gif } from '../helpers/gif.ts';
import { animation, distance, green, pixelsOf, plain, quarters, red } from '../helpers/images.ts';
import { cHRM, cICP, encodedChunk, gAMA, sRGB } from '../helpers/png-chunks.ts';
import { transformImage } from './transform-image.ts';

const limits = { inputFormats: formatNames, maxInputPixels: 4_000_000 };
const drawing = (attributes: string, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`);

for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const) {
  test(`renders a ${format} image embedded in an SVG`, async () => {
    const picture =
      format === 'gif'
        ? await animation('gif', 20, 20, [green, red])
        : await plain(20, 20, green).toFormat(format).toBuffer();
    const uri = `data:image/${format};base64,${picture.toString('base64')}`;
    const inHref = drawing('width="20" height="20"', `<image width="20" height="20" href="${uri}"/>`);
    const inEntity = Buffer.from(
      `<!DOCTYPE svg [<!ENTITY picture '${uri}'>]>${drawing('width="20" height="20" xmlns:xlink="http://www.w3.org/1999/xlink"', '<image width="20" height="20" xlink:href="&picture;"/>')}`,
    );
    const inDrawing = drawing(
      'width="20" height="20"',
      `<image width="20" height="20" href="data:image/svg+xml;base64,${inHref.toString('base64')}"/>`,
    );
    for (const file of [inHref, inEntity, inDrawing]) {
      const { at } = await pixelsOf((await transformImage(file, { format: 'png' })).bytes);
      assert.ok(distance(at(10, 10).slice(0, 3), green) < 5, String(at(10, 10)));
    }
  });
}

const uriOf = (picture: Buffer, format: string) => `data:image/${format};base64,${picture.toString('base64')}`;
const showing = (uri: string) => drawing('width="40" height="20"', `<image width="40" height="20" href="${uri}"/>`);

const scene = async () => (await quarters(40, 20)).modulate({ saturation: 0.6 });
const onItsSide = async () => (await scene()).rotate(270).withMetadata({ orientation: 6 });
const inP3 = async () => (await scene()).withIccProfile('p3');
const scenePng = async () => (await scene()).png().toBuffer();
const adobe = [0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06];

const linear = { primaries: srgbPrimaries, toLinear: (v: number) => v };

const signalled: Record<string, [format: string, picture: () => Promise<Buffer>]> = {
  'PNG with gAMA': ['png', async () => gAMA(await scenePng(), 1)],
  'PNG with gAMA and cHRM': ['png', async () => cHRM(gAMA(await scenePng(), 1 / 2.2), adobe)],
  'PNG with cICP': ['png', async () => cICP(await scenePng(), 12, 13, 0, 1)],
  'PNG of 16 bits in P3': ['png', async () => (await inP3()).toColourspace('rgb16').png().toBuffer()],
  'grey PNG with a profile': [
    'png',
    async () => setPngColour(await (await scene()).toColourspace('b-w').png().toBuffer(), linear),
  ],
  'JPEG in Adobe RGB by EXIF': [
    'jpeg',
    async () => withExif(await (await scene()).jpeg({ quality: 100 }).toBuffer(), cameraExif({ colorSpace: 2 })),
  ],
  'PNG turned by EXIF after the pixels': [
    'png',
    async () => {
      const png = await (await scene()).rotate(270).png().toBuffer();
      const exif = encodedChunk(
        'eXIf',
        Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0', 'latin1'),
      );
      return Buffer.concat([png.subarray(0, -12), exif, png.subarray(-12)]);
    },
  ],
  'AVIF sequence': [
    'avif',
    async () => {
      const still = await (await scene()).avif({ lossless: true }).toBuffer();
      still.write('avis', 8, 'latin1');
      return still;
    },
  ],
  'GIF smaller than its canvas': [
    'gif',
    async () => gif({ width: 40, height: 20 }, [{ left: 0, top: 0, width: 20, height: 20, colour: 1 }]),
  ],
  'AVIF with premultiplied alpha': ['avif', async () => avifFile('premultiplied')],
};
for (const format of ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const) {
  const best = { quality: 100, chromaSubsampling: '4:4:4' } as const;
  signalled[`${format} in P3`] = [format, async () => (await inP3()).toFormat(format, best).toBuffer()];
  signalled[`${format} turned by EXIF`] = [format, async () => (await onItsSide()).toFormat(format, best).toBuffer()];
}

for (const [what, [format, picture]] of Object.entries(signalled)) {
  test(`${what} looks the same embedded in an SVG as on its own`, async () => {
    const file = await picture();
    const alone = await pixelsOf((await transformImage(file, { width: 40, height: 20, format: 'png' })).bytes);
    const { at } = await pixelsOf((await transformImage(showing(uriOf(file, format)), { format: 'png' })).bytes);
    for (const [x, y] of [
      [12, 3],
      [28, 3],
      [12, 16],
      [28, 16],
    ] as const) {
      const [within, expected] = [at(x, y), alone.at(x, y)];
      assert.ok(distance(expected, within) <= 2, `${within} at ${x}, ${y}, but ${expected} alone`);
    }
  });
}

test('leaves an embedded image in sRGB unchanged', async () => {
  const plainPictures: [format: string, picture: Buffer][] = [
    ['png', sRGB(gAMA(await scenePng(), 0.45455))],
    ['png', gAMA(await scenePng(), 0.45455)],
    ['jpeg', await (await scene()).withMetadata({ orientation: 1 }).withIccProfile('srgb').jpeg().toBuffer()],
  ];
  for (const [format, picture] of plainPictures) {
    const uri = uriOf(picture, format);
    assert.ok((await inspect(showing(uri), limits)).bytes.includes(uri));
  }
});

test('rejects an SVG with an embedded image that cannot be rendered, and says why', async () => {
  const around = (uri: string) => drawing('width="20" height="20"', `<image width="20" height="20" href="${uri}"/>`);
  const refusals: [uri: string, message: RegExp][] = [
    ['data:image/bmp;base64,Qk0AAAAA', /received image\/bmp/],
    [`data:image/webp;base64,${(await plain(9, 9, red).webp().toBuffer()).subarray(0, 40).toString('base64')}`, /webp/],
    [`data:image/webp;base64,${(await plain(3000, 3000, red).webp().toBuffer()).toString('base64')}`, /3000 x 3000/],
  ];
  for (const [uri, message] of refusals) {
    const rendered = transformImage(around(uri), { format: 'png' }, { maxInputPixels: 1_000_000 });
    await assert.rejects(rendered, { code: 'unprocessable_image', message });
  }
});

test('renders an embedded image of more than 10 MB', async () => {
  const picture = await plain(20, 20, green).png().toBuffer();
  const uri = `data:image/png;base64,${Buffer.concat([picture, Buffer.alloc(9_000_000, 7)]).toString('base64')}`;
  const file = drawing('width="20" height="20"', `<image width="20" height="20" href="${uri}"/>`);
  const { at } = await pixelsOf((await transformImage(file, { format: 'png' })).bytes);
  assert.ok(distance(at(10, 10).slice(0, 3), green) < 5);
});
