import { received } from '../../contract/error-text.ts';
import { type ErrorCode, errorCodes, RequestError } from '../../contract/errors.ts';
import { formatDetectors } from '../../contract/format-detectors.ts';
import { type Format, formats, mediaTypes } from '../../contract/formats.ts';
import { parseJson } from '../../contract/messages.ts';
import { sha256Pattern } from '../../contract/sha256.ts';
import { maxParsedBytes, readLargeMessage, unescapeBase64 } from '../zmq/large-message.ts';
import { decodeBase64 } from './base64.ts';
import { unexpectedReply } from './errors.ts';

export interface PlainReply {
  /** Validated; invalid optional fields are omitted. */
  fields: Record<string, unknown>;
  image: Buffer | undefined;
}

/** Error code per operation, for errors without one. */
const fallbackCodes = { upload: 'unprocessable_image', retrieve: 'not_found', resize: 'unprocessable_image' } as const;

export type PlainOperation = keyof typeof fallbackCodes;

export const isPlainOperation = (name: unknown): name is PlainOperation => Object.hasOwn(fallbackCodes, String(name));

/**
 * Parses the reply of a REP server that knows little more than status and image_data.
 * @throws RequestError the server's error; `worker_lost` if it is not a valid reply
 */
export async function readPlainReply(operation: PlainOperation, frames: readonly Buffer[]): Promise<PlainReply> {
  const { value, text } = await readJson(frames);
  const { status, message, code } = value;
  if (status === 'error') {
    const isCode = typeof code === 'string' && Object.hasOwn(errorCodes, code);
    const reason =
      typeof message === 'string' && message !== '' ? message.slice(0, 1000) : 'The upstream gave no reason';
    throw new RequestError(isCode ? (code as ErrorCode) : fallbackCodes[operation], reason);
  }
  if (status !== 'success') throw unexpectedReply('status success or error', received(status));
  if (operation === 'upload') return { fields: uploadFields(value), image: undefined };
  const image = frames[1] ?? (text && (await decodeBase64(text)));
  if (image === undefined || image.length === 0) throw unexpectedReply('an image in base64 as image_data', 'none');
  return { fields: imageFields(value, image), image };
}

async function readJson([frame]: readonly Buffer[]) {
  if (frame === undefined) throw unexpectedReply('a JSON object', 'nothing');
  try {
    if (frame.length > maxParsedBytes) {
      const { value, text } = readLargeMessage(frame);
      return { value, text: await unescapeBase64(text) };
    }
    const value = Object(parseJson(frame)) as Record<string, unknown>;
    const { image_data: text } = value;
    return { value, text: typeof text === 'string' ? Buffer.from(text) : undefined };
  } catch {
    throw unexpectedReply('a JSON object', `${received(frame.toString('latin1', 0, 40))} (${frame.length} bytes)`);
  }
}

function uploadFields({ image_id, created, ...reply }: Record<string, unknown>) {
  if (typeof image_id !== 'string' || !new RegExp(sha256Pattern).test(image_id)) {
    throw unexpectedReply("the image's SHA-256 in 64 lowercase hex digits as image_id", received(image_id));
  }
  const { format, media_type, size } = reply;
  return {
    image_id,
    created: created !== false,
    ...(isFormat(format) && { format }),
    ...(isMediaType(media_type) && { media_type }),
    ...pixelsOf(reply),
    ...(isCount(size) && { size }),
  };
}

function imageFields(reply: Record<string, unknown>, image: Buffer) {
  const format = sniffFormat(image) ?? formatOf(reply.media_type) ?? reply.format;
  if (!isFormat(format)) throw unexpectedReply('an image of a known format as image_data', 'other bytes');
  return { format, media_type: formats[format].mediaType, ...pixelsOf(reply), size: image.length };
}

function pixelsOf({ width, height }: Record<string, unknown>) {
  return { ...(isCount(width) && { width }), ...(isCount(height) && { height }) };
}

function sniffFormat(image: Buffer): Format | undefined {
  const names = Object.keys(formatDetectors) as (keyof typeof formatDetectors)[];
  return names.find((name) => formatDetectors[name](image));
}

const formatOf = (mediaType: unknown) =>
  (Object.keys(formats) as Format[]).find((name) => formats[name].mediaType === mediaType);

const isFormat = (name: unknown): name is Format => typeof name === 'string' && Object.hasOwn(formats, name);
const isMediaType = (type: unknown) => mediaTypes.includes(type as never);
const isCount = (count: unknown) => Number.isInteger(count) && Number(count) > 0;
