import { defaultOutputFormat, type Format, formats, type OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import type { Parameters } from '../../contract/parameters.ts';

/** Best first, for equal weights. */
const modern = ['avif', 'webp'] as const;

/**
 * Chooses the format for `format: auto`: AVIF or WebP where the client names it, since clients that know neither send
 * `image/*` too, and the source's own where the client prefers that or names none.
 * An animation goes only into formats that can animate.
 * @param parameters presets expanded
 */
export function chooseFormat(
  accept: readonly AcceptedFormat[],
  source: { format: Format; frames: number },
  { animated = true, page, lossless }: Parameters,
): OutputFormat {
  const isAnimated = source.frames > 1 && formats[source.format].animation && animated && page === undefined;
  const kept = defaultOutputFormat(source.format);
  const own = kept === 'jpeg' && lossless ? 'png' : kept;
  let choice: { format: OutputFormat; weight: number } = { format: own, weight: 0 };
  const prefer = (candidate: AcceptedFormat | undefined) => {
    if (candidate !== undefined && candidate.weight > choice.weight) choice = candidate;
  };
  for (const format of modern) {
    if (isAnimated && !formats[format].animation) continue;
    prefer(accept.find((accepted) => accepted.named && accepted.format === format));
  }
  prefer(accept.find((accepted) => accepted.format === own));
  return choice.format;
}
