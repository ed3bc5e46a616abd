import { defaultOutputFormat, type Format, formats, type OutputFormat } from '../../contract/formats.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { type Wish, wishFor } from './wish.ts';

/** What the choice depends on beside the client. */
export interface Source {
  format: Format;
  frames: number;
}

/** Best first, for what the client wants as much. */
const modern = ['avif', 'webp'] as const;

/**
 * The format that `auto` stands for: AVIF or WebP where the client names it, as `image/*` is said by clients that know neither,
 * and the format of the source where it would rather have that, or names none.
 * An animation goes on only in a format that can be one.
 */
export function chooseFormat(
  accept: string,
  source: Source,
  { animated = true, page, lossless }: Parameters,
): OutputFormat {
  const moves = source.frames > 1 && formats[source.format].animation && animated && page === undefined;
  const kept = defaultOutputFormat(source.format);
  const own = kept === 'jpeg' && lossless ? 'png' : kept;
  const able = modern.filter((format) => !moves || formats[format].animation);
  let choice: { format: OutputFormat; weight: number } = { format: own, weight: 0 };
  const prefer = (format: OutputFormat, { weight }: Wish) => {
    if (weight > choice.weight) choice = { format, weight };
  };
  for (const format of able) {
    const wish = wishFor(accept, formats[format].mediaType);
    if (wish.isNamed) prefer(format, wish);
  }
  prefer(own, wishFor(accept, formats[own].mediaType));
  return choice.format;
}
