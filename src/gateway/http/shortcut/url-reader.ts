import { RequestError } from '../../../contract/errors.ts';
import type { Parameters } from '../../../contract/parameters.ts';
import { type Presets, withPreset } from '../../../contract/presets.ts';
import { remember } from '../../remember.ts';
import { readImageQuery } from '../query.ts';
import type { ParameterResolver } from '../resolve-parameters.ts';

/** What a URL asks for of a stored image. */
export interface Wanted {
  readonly imageId: string;
  /** As a worker takes them; undefined for the image as it was uploaded. */
  readonly parameters: Parameters | undefined;
  /** Name that browsers save the image under. */
  readonly download: string | undefined;
  /** Whether the header Accept had a say in the parameters. */
  readonly isByAccept: boolean;
}

/** Longest URL and longest Accept that are read, in characters; with the number of entries it bounds what strangers can have kept. */
const maxLength = 512;
const maxEntries = 4096;

const imagePath = /^\/images\/([0-9a-f]{64})(?:\?([^#]*))?$/;

export interface UrlReaderOptions {
  presets: Presets;
  resolver: Pick<ParameterResolver, 'chooseNow'>;
}

/**
 * Reads the URLs of images, each once as long as it is remembered.
 * @returns undefined where the URL is of something else, has a mistake, or cannot be understood without a worker
 */
export function createUrlReader({ presets, resolver }: UrlReaderOptions) {
  const read = remember(maxEntries, (url) => readUrl(url, presets));
  const readByAccept = remember(maxEntries, (text) => {
    const end = text.indexOf(' ');
    const wanted = read(text.slice(0, end));
    const parameters = wanted?.parameters && resolver.chooseNow(wanted.parameters, wanted.imageId, text.slice(end + 1));
    return wanted && parameters && { ...wanted, parameters };
  });

  return (url: string, accept = ''): Wanted | undefined => {
    if (url.length > maxLength || accept.length > maxLength) return undefined;
    const wanted = read(url);
    return wanted?.isByAccept ? readByAccept(`${url} ${accept}`) : wanted;
  };
}

function readUrl(url: string, presets: Presets): Wanted | undefined {
  const [, imageId, query = ''] = imagePath.exec(url) ?? [];
  if (imageId === undefined) return undefined;
  try {
    const { download, ...given } = readImageQuery(query);
    const parameters = Object.keys(given).length === 0 ? undefined : withPreset(given, presets);
    return { imageId, parameters, download, isByAccept: parameters?.format === 'auto' };
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}
