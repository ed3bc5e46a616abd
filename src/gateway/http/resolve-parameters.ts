import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import type { Ask, AskOptions } from '../requests.ts';
import { chooseFormat } from './auto-format.ts';
import type { HttpDoorOptions } from './door.ts';
import { vary } from './vary.ts';

/**
 * The parameters as a worker takes them and an entity tag is made of them: their preset written out,
 * and `auto` turned into the format that suits the client, for which a worker has to look at the image first.
 * @throws RequestError for an unknown preset; for an image that is not there or none
 */
export async function resolveParameters(
  request: FastifyRequest,
  reply: FastifyReply,
  { ask, config }: HttpDoorOptions,
  { parameters, imageId, options }: { parameters: Parameters; imageId?: string; options: AskOptions },
): Promise<Parameters> {
  const written = withPreset(parameters, config.presets);
  if (written.format !== 'auto') return written;
  vary(reply, 'Accept');
  const source = await describe(ask, imageId, options);
  return { ...written, format: chooseFormat(request.headers.accept ?? '', source, written) };
}

async function describe(ask: Ask, imageId: string | undefined, options: AskOptions) {
  const named = imageId === undefined ? {} : { image_id: imageId };
  return (await ask({ operation: 'info', ...named }, options)).reply;
}
