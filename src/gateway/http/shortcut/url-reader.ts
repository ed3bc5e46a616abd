import { RequestError } from '../../../contract/errors.ts';
import type { Parameters } from '../../../contract/parameters.ts';
import { withPreset } from '../../../contract/presets.ts';
import { once, remember } from '../../remember.ts';
import type { ResultKey } from '../../results/result.ts';
import { originalTag, variantTag } from '../conditions.ts';
import type { HttpDoor } from '../door.ts';
import { readImageQuery } from '../query.ts';

/** What a URL asks for of a stored image. */
export interface Wanted {
  /** Under what it is in the caches. */
  readonly key: ResultKey;
  /** As a worker takes them; undefined for the image as it was uploaded. */
  readonly parameters: Parameters | undefined;
  /** Name that browsers save the image under. */
  readonly download: string | undefined;
  /** Whether the header Accept has a say in the parameters. */
  readonly isByAccept: boolean;
}

export interface UrlReader {
  /** @returns undefined where the URL is of something else, has a mistake, or cannot be understood without a worker */
  read(url: string, accept?: string): Wanted | undefined;
  /** The entity tag of what is asked for; to hash takes longer than all else that a 304 does, so that it is done once. */
  tagOf(wanted: Wanted): string | undefined;
}

/** Longest URL and longest Accept that are read, in characters; with the number of entries it bounds what strangers can have kept. */
const maxLength = 512;
const maxEntries = 4096;

const imagePath = /^\/images\/([0-9a-f]{64})(?:\?([^#]*))?$/;

/** Reads the URLs of images, each once as long as it is remembered and the workers are of the same version. */
export function createUrlReader({ config, resolver, results, version }: HttpDoor): UrlReader {
  const read = remember(maxEntries, readUrl);
  const readByAccept = remember(maxEntries, (text) => {
    const end = text.indexOf(' ');
    const wanted = read(text.slice(0, end));
    if (wanted?.parameters === undefined) return undefined;
    const { imageId } = wanted.key;
    const parameters = resolver.chooseNow(wanted.parameters, imageId, text.slice(end + 1));
    return parameters && { ...wanted, parameters, key: results.keyOf(imageId, parameters) };
  });

  function readUrl(url: string): Wanted | undefined {
    const [, imageId, query = ''] = imagePath.exec(url) ?? [];
    if (imageId === undefined) return undefined;
    try {
      const { download, ...given } = readImageQuery(query);
      const parameters = Object.keys(given).length === 0 ? undefined : withPreset(given, config.presets);
      const key = results.keyOf(imageId, parameters);
      return { key, parameters, download, isByAccept: parameters?.format === 'auto' };
    } catch (error) {
      if (error instanceof RequestError) return undefined;
      throw error;
    }
  }

  return {
    read(url, accept = '') {
      if (url.length > maxLength || accept.length > maxLength) return undefined;
      const wanted = read(url);
      return wanted?.isByAccept ? readByAccept(`${url} ${accept}`) : wanted;
    },
    tagOf: once(({ key: { imageId }, parameters }) =>
      parameters === undefined ? originalTag(imageId) : variantTag(imageId, parameters, version()),
    ),
  };
}
