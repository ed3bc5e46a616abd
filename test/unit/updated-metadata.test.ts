import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { numberAccess, readDirectory, type Tag } from '../../src/worker/images/metadata/directory.ts';
import { readExif } from '../../src/worker/images/metadata/exif.ts';
import { updateExif } from '../../src/worker/images/metadata/update-exif.ts';
import { updateXmp } from '../../src/worker/images/metadata/update-xmp.ts';
import { cameraExif } from '../helpers/camera-exif.ts';
import { photo } from '../helpers/photo.ts';
import { transformImage } from './transform-image.ts';

const ids = { description: 270, orientation: 274, exif: 0x8769, colorSpace: 0xa001, width: 0xa002, height: 0xa003 };
const makerNote = 0x927c;
const irb = 34377;
const size = { width: 50, height: 40 };
const preview = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('the whole picture')]);

type Field = [id: number, type: 'short' | 'long' | Buffer, value?: number];

/** Directories at 8 and 200, the thumbnail's at 400; values and the thumbnail from 600 on. */
function exifOf(order: 'II' | 'MM', first: Field[], second: Field[], hasThumbnail = true): Buffer {
  const data = Buffer.alloc(900);
  data.write(order === 'II' ? 'II*\0' : 'MM\0*', 'latin1');
  const { setUint16, setUint32 } = numberAccess(data);
  let end = 600;
  const directory = (at: number, fields: Field[], next: number) => {
    setUint16(fields.length, at);
    for (const [index, [id, type, value = 0]] of fields.entries()) {
      const entry = at + 2 + index * 12;
      setUint16(id, entry);
      setUint16(type === 'short' ? 3 : type === 'long' ? 4 : 7, entry + 2);
      setUint32(Buffer.isBuffer(type) ? type.length : 1, entry + 4);
      if (type === 'short') setUint16(value, entry + 8);
      if (type === 'long') setUint32(value, entry + 8);
      if (!Buffer.isBuffer(type)) continue;
      setUint32(end, entry + 8);
      end += type.copy(data, end);
    }
    setUint32(next, at + 2 + fields.length * 12);
  };
  setUint32(8, 4);
  directory(8, [...first, [ids.exif, 'long', 200]], hasThumbnail ? 400 : 0);
  directory(200, second, 0);
  if (!hasThumbnail) return data.subarray(0, end);
  directory(
    400,
    [
      [513, 'long', end],
      [514, 'long', preview.length],
    ],
    0,
  );
  return data.subarray(0, end + preview.copy(data, end));
}

const text = Buffer.from('described');
const stale: Field[] = [
  [ids.colorSpace, 'short', 65535],
  [ids.width, 'short', 600],
  [ids.height, 'long', 400],
];
const numberOf = (tags: readonly Tag[], id: number) => {
  const value = tags.find((tag) => tag.id === id)?.value;
  return value?.length === 2 ? value.readUInt16LE(0) : value?.readUInt32LE(0);
};

for (const order of ['II', 'MM'] as const) {
  const first: Field[] = [
    [ids.description, text],
    [ids.orientation, 'short', 6],
  ];

  test(`${order}: removes thumbnails and previews, and keeps other values in place`, () => {
    const note = Buffer.from('maker note');
    const data = exifOf(order, [...first, [irb, preview]], [[makerNote, note], [0x9286, preview], ...stale]);
    const made = updateExif(data, size) as Buffer;
    assert.ok(!made.includes(preview.subarray(4)));
    assert.ok(made.length < data.length);
    assert.deepEqual(made.indexOf(text), data.indexOf(text));
    assert.deepEqual(made.indexOf(note), data.indexOf(note));
    assert.deepEqual(
      [readDirectory(made), readDirectory(made, 200)].map((tags) => tags.map(({ id }) => id)),
      [
        [ids.description, ids.orientation, ids.exif],
        [makerNote, ids.colorSpace, ids.width, ids.height],
      ],
    );
    assert.equal(numberAccess(made).uint32(8 + 2 + 3 * 12), 0);
  });

  test(`${order}: leaves up-to-date EXIF unchanged to the byte`, () => {
    const second: Field[] = [
      [makerNote, Buffer.from('maker note')],
      [ids.colorSpace, 'short', 1],
      [ids.width, 'short', size.width],
    ];
    const data = exifOf(
      order,
      [
        [ids.description, text],
        [ids.orientation, 'short', 1],
      ],
      second,
      false,
    );
    assert.ok(updateExif(data, size)?.equals(data));
  });
}

test('describes the colours of the result, which are sRGB', () => {
  const primaries = [0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06];
  const data = cameraExif({ colorSpace: 0xffff, index: 'R03', primaries, gamma: 2.2 });
  const made = updateExif(data, size) as Buffer;
  const [camera, interoperability] = [ids.exif, 0xa005].map((pointer, depth) => {
    const tags = readDirectory(made, depth === 0 ? undefined : 100);
    return readDirectory(made, numberOf(tags, pointer));
  }) as [Tag[], Tag[]];
  assert.deepEqual(
    readDirectory(made).map(({ id }) => id),
    [ids.exif],
  );
  assert.deepEqual(
    camera.map(({ id }) => id),
    [ids.colorSpace, 0xa005],
  );
  assert.equal(numberOf(camera, ids.colorSpace), 1);
  assert.equal(interoperability[0]?.value.toString('latin1'), 'R98\0');
});

const tiff = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"';
const exifNamespace = 'xmlns:e="http://ns.adobe.com/exif/1.0/"';
const packet = (inside: string, attributes = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

const packets: Record<string, [before: string, after: string]> = {
  attributes: [
    packet(
      '',
      `${tiff} ${exifNamespace} tiff:Orientation="6" tiff:Make="6" e:PixelXDimension = '600' tiff:ImageLength="400"`,
    ),
    packet(
      '',
      `${tiff} ${exifNamespace} tiff:Orientation="1" tiff:Make="6" e:PixelXDimension = '50' tiff:ImageLength="40"`,
    ),
  ],
  elements: [
    packet(`<tiff:Orientation ${tiff}>6</tiff:Orientation><tiff:Artist>6</tiff:Artist><tiff:Orientation/>`),
    packet(`<tiff:Orientation ${tiff}>1</tiff:Orientation><tiff:Artist>6</tiff:Artist><tiff:Orientation/>`),
  ],
  'elements on lines of their own, a colour space': [
    packet('<e:ColorSpace>\n 65535\n</e:ColorSpace><e:PixelYDimension>400</e:PixelYDimension>', exifNamespace),
    packet('<e:ColorSpace>\n 1\n</e:ColorSpace><e:PixelYDimension>40</e:PixelYDimension>', exifNamespace),
  ],
  thumbnails: [
    packet(
      '<xmp:Thumbnails><g:image>/9j/4AAQ&#xA;SkZJRg==</g:image></xmp:Thumbnails>',
      'g:Data="iVBORw0KGgoAAA" a="/9j"',
    ),
    packet('<xmp:Thumbnails><g:image></g:image></xmp:Thumbnails>', 'g:Data="" a="/9j"'),
  ],
  'other namespaces, any bytes': [
    packet('<tiff:Orientation>6</tiff:Orientation> \xff\xfe é', 'xmlns:tiff="http://example.org/"'),
    packet('<tiff:Orientation>6</tiff:Orientation> \xff\xfe é', 'xmlns:tiff="http://example.org/"'),
  ],
};

for (const [what, [before, after]] of Object.entries(packets)) {
  test(`updates XMP with ${what}`, () => {
    assert.equal(updateXmp(Buffer.from(before, 'latin1'), size).toString('latin1'), after);
  });
}

test('searches adversarial XMP in linear time', { timeout: 10_000 }, () => {
  for (const part of ['<tiff:Orientation ', ' tiff:Orientation=" ', '>   ', '"/9j/', 'xmlns:a= ', '          ']) {
    updateXmp(Buffer.from(packet(part.repeat(200_000), tiff)), size);
  }
});

for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
  test(`metadata kept in ${format} matches the result and reveals no more`, async () => {
    const exif = exifOf(
      'MM',
      [
        [ids.description, text],
        [ids.orientation, 'short', 6],
      ],
      stale,
    );
    const [before] = packets.attributes as [string, string];
    const jpeg = await sharp(await photo(60, 40))
      .withXmp(before)
      .jpeg()
      .toBuffer();
    const head = Buffer.from([0xff, 0xe1, 0, 0, ...Buffer.from('Exif\0\0', 'latin1')]);
    head.writeUInt16BE(head.length - 2 + exif.length, 2);
    const source = Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
    const { bytes } = await transformImage(source, {
      crop: '0,0,25,20',
      width: 50,
      enlarge: true,
      format,
      metadata: 'keep',
    });
    assert.ok(!bytes.includes(preview.subarray(4)));
    const { exif: kept, xmp, orientation = 1 } = await sharp(bytes).metadata();
    const { inner } = readExif(format === 'tiff' ? bytes : kept, { onlyCredits: false });
    const tags = inner.flatMap((one) => one.tags);
    const values = [ids.colorSpace, ids.width, ids.height].map((id) => numberOf(tags, id));
    assert.deepEqual([orientation, ...values], [1, 1, 50, 40]);
    assert.match(String(xmp), /tiff:Orientation="1"/);
    assert.match(String(xmp), /e:PixelXDimension = '50' tiff:ImageLength="40"/);
  });
}
