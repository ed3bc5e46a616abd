import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Parameters } from '../../contract/parameters.ts';
import { withPreset } from '../../contract/presets.ts';
import { chooseFormat, type Source } from './auto-format.ts';
import type { HttpDoorOptions } from './door.ts';
import { callerOf } from './lifetime.ts';
import { vary } from './vary.ts';

/** What is asked for, of a stored image or of one that came along. */
interface Wanted {
  parameters: Parameters;
  imageId?: string;
  image?: Buffer;
}

export interface ParameterResolver {
  resolve: ResolveParameters;
  /**
   * Turns `auto` into the format that suits the client, for a stored image.
   * @returns undefined where a worker has to look at the image first
   */
  chooseNow(parameters: Parameters, imageId: string, accept: string): Parameters | undefined;
}

/**
 * The parameters as a worker takes them and an entity tag is made of them: their preset written out,
 * and `auto` turned into the format that suits the client, for which a worker has to look at the image first.
 * @throws RequestError for an unknown preset; for an image that is not there or none
 */
export type ResolveParameters = (request: FastifyRequest, reply: FastifyReply, wanted: Wanted) => Promise<Parameters>;

/** Most stored images of which it is remembered what they are; it never changes. */
const maxSources = 10_000;

export function createParameterResolver({ ask, config }: Pick<HttpDoorOptions, 'ask' | 'config'>): ParameterResolver {
  const sources = new LRUCache<string, Source>({ max: maxSources });

  const choose = (written: Parameters, source: Source, accept = '') => ({
    ...written,
    format: chooseFormat(accept, source, written),
  });

  return {
    async resolve(request, reply, { parameters, imageId, image }) {
      const written = withPreset(parameters, config.presets);
      if (written.format !== 'auto') return written;
      vary(reply, 'Accept');
      const source = (imageId && sources.get(imageId)) || (await describe());
      return choose(written, source, request.headers.accept);

      async function describe(): Promise<Source> {
        const named = imageId === undefined ? {} : { image_id: imageId };
        const options = { ...callerOf(request, reply), ...(image && { image }) };
        const { format, frames } = (await ask({ operation: 'info', ...named }, options)).reply;
        if (imageId !== undefined) sources.set(imageId, { format, frames });
        return { format, frames };
      }
    },
    chooseNow(parameters, imageId, accept) {
      const source = sources.get(imageId);
      return source && choose(parameters, source, accept);
    },
  };
}
