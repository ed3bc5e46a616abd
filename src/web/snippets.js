import { imagePath } from './service.js';

/**
 * @typedef {object} Result
 * @property {string} id
 * @property {Record<string, string>} parameters
 * @property {import('./service.js').Parameter[]} known
 * @property {string} base URL of the service, with a trailing slash
 * @property {string} zmq endpoint
 * @property {number} width of the result
 * @property {number} height
 * @property {string} type such as webp
 * @property {string} fileName
 */

/** @type {Record<string, (result: Result) => string>} */
export const snippets = {
  url: ({ id, parameters, base }) => base + imagePath(id, parameters),
  curl: (result) => `curl -o ${result.fileName} '${snippets.url?.(result).replaceAll("'", '%27')}'`,
  srcset,
  pyzmq,
};

/** Device pixel ratios. */
const densities = [1, 2, 3];

function srcset(/** @type {Result} */ { id, parameters, known, base, ...result }) {
  const { dpr = '1', pad = '0', ...plain } = parameters;
  const cssPixels = (/** @type {number} */ pixels) => Math.round(pixels / Number(dpr));
  const [width, height] = [cssPixels(result.width), cssPixels(result.height)];
  const { maximum = Number.POSITIVE_INFINITY } = known.find(({ name }) => name === 'width')?.schema ?? {};
  const sides = pad.split(',').map(Number);
  const [top = 0, right = top, , left = top] = sides;
  const isSized = 'width' in plain || 'height' in plain;
  const size = isSized ? {} : { width: Math.min(maximum, cssPixels(result.width - left - right)) };
  const path = (/** @type {number} */ density) => {
    // The service does not multiply pad by dpr.
    const scaledPad = sides.map((side) => cssPixels(side * density)).join(',');
    const scaled = { ...(density > 1 && { dpr: density }), ...('pad' in parameters && { pad: scaledPad }) };
    return (base + imagePath(id, { ...plain, ...size, ...scaled })).replaceAll('&', '&amp;');
  };
  const canGrow = isSized || plain.enlarge !== 'false';
  const distinct = densities.filter((one) => one === 1 || (canGrow && one * Math.max(width, height) <= maximum));
  return [
    `<img src="${path(1)}"`,
    `     srcset="${distinct.map((density) => `${path(density)} ${density}x`).join(',\n             ')}"`,
    `     width="${width}" height="${height}" alt="">`,
  ].join('\n');
}

function pyzmq(/** @type {Result} */ { id, parameters, known, zmq, fileName, type }) {
  // Over ZeroMQ there is no Accept header for auto.
  const chosen = parameters.format === 'auto' ? { ...parameters, format: type } : parameters;
  const fields = Object.entries(chosen).map(([name, value]) => {
    const schema = known.find((parameter) => parameter.name === name)?.schema;
    return `    ${JSON.stringify(name)}: ${pythonValue(schema, value)},`;
  });
  const operation = fields.length === 0 ? 'retrieve' : 'resize';
  return [
    'import base64, zmq',
    '',
    'socket = zmq.Context().socket(zmq.REQ)',
    'socket.RCVTIMEO, socket.LINGER = 30_000, 0  # milliseconds',
    `socket.connect(${JSON.stringify(zmq)})`,
    'socket.send_json({',
    `    "operation": "${operation}",`,
    `    "image_id": "${id}",`,
    ...fields,
    '})',
    'reply = socket.recv_json()',
    'assert reply["status"] == "success", reply["message"]',
    `with open(${JSON.stringify(fileName)}, "wb") as file:`,
    '    file.write(base64.b64decode(reply["image_data"]))',
  ].join('\n');
}

/**
 * @param {import('./service.js').Schema | undefined} schema
 * @param {string} value
 */
function pythonValue(schema, value) {
  const types = schema?.anyOf?.map(({ type }) => type) ?? [schema?.type];
  if (types.includes('boolean') && /^(true|false)$/.test(value)) return value === 'true' ? 'True' : 'False';
  if ((types.includes('integer') || types.includes('number')) && value !== '' && Number.isFinite(Number(value))) {
    return String(Number(value));
  }
  return JSON.stringify(value);
}
