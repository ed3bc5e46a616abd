/** Joins two single-item AVIFs without alpha, as sharp writes them, into one whose primary item is the second. */
export function joinAvifs(...files: [Buffer, Buffer]): Buffer {
  const images = files.map(readImage);
  const properties = Buffer.concat(images.map((image) => image.properties));
  let before = 0;
  const entries = images.map(({ associations, count }, index) => {
    const shifted = associations.map((association) => association + before);
    before += count;
    return Buffer.from([0, index + 1, shifted.length, ...shifted]);
  });
  const head = (start: number) => {
    let at = start;
    const places = images.map(({ data }, index) => {
      const place = Buffer.concat([uint16(index + 1), uint16(0), uint16(1), uint32(at), uint32(data.length)]);
      at += data.length;
      return place;
    });
    const names = images.map((_, index) => full('infe', 2, uint16(index + 1), uint16(0), Buffer.from('av01\0')));
    return Buffer.concat([
      box('ftyp', Buffer.from('avif\0\0\0\0avifmif1miaf')),
      full(
        'meta',
        0,
        full('hdlr', 0, uint32(0), Buffer.from('pict'), Buffer.alloc(13)),
        full('pitm', 0, uint16(2)),
        full('iloc', 0, Buffer.from([0x44, 0]), uint16(2), ...places),
        full('iinf', 0, uint16(2), ...names),
        box('iprp', box('ipco', properties), full('ipma', 0, uint32(2), ...entries)),
      ),
    ]);
  };
  return Buffer.concat([head(head(0).length + 8), box('mdat', ...images.map(({ data }) => data))]);
}

interface Image {
  properties: Buffer;
  count: number;
  associations: number[];
  data: Buffer;
}

function readImage(file: Buffer): Image {
  const iprp = find(find(file, 'meta').subarray(4), 'iprp');
  const properties = find(iprp, 'ipco');
  const ipma = find(iprp, 'ipma');
  // Skips version and flags, the entry count and the id of the only item.
  const associations = [...ipma.subarray(11, 11 + (ipma[10] as number))];
  return { properties, count: boxes(properties).length, associations, data: find(file, 'mdat') };
}

function boxes(data: Buffer): { type: string; body: Buffer }[] {
  const all = [];
  for (let at = 0; at < data.length; at += data.readUInt32BE(at)) {
    const body = data.subarray(at + 8, at + data.readUInt32BE(at));
    all.push({ type: data.toString('latin1', at + 4, at + 8), body });
  }
  return all;
}

const find = (data: Buffer, name: string) => boxes(data).find(({ type }) => type === name)?.body as Buffer;

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(8 + body.length), Buffer.from(type), body]);
}

const full = (type: string, version: number, ...parts: Buffer[]) =>
  box(type, Buffer.from([version, 0, 0, 0]), ...parts);
