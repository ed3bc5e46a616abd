import type { Parameters as ContractParameters } from '../contract/parameters.ts';

type Numbers = 'crop' | 'pad' | 'focus';

/** The transformation parameters; those that are several numbers take a list as well. */
export type Parameters = Omit<ContractParameters, Numbers> & {
  [N in Numbers]?: string | number | readonly number[];
};

export interface UrlOptions extends Parameters {
  /** Name that browsers save the image under. */
  download?: string;
}

/**
 * Builds the URL of an image: as it was uploaded without parameters, else made from it.
 * @param baseUrl where the service is, with a path where it stands behind a prefix; empty for the page's own origin
 * @example imageUrl('https://images.example.org', id, { width: 320, format: 'webp' })
 */
export function imageUrl(baseUrl: string, imageId: string, options: UrlOptions = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value));
  return `${withoutSlash(baseUrl)}/images/${imageId}${query.size > 0 ? `?${query}` : ''}`;
}

export interface SrcsetOptions extends Omit<Parameters, 'width' | 'dpr'> {
  /** Widths in CSS pixels, for `sizes`; or, with `densities`, the one width of the picture. */
  widths: number | readonly number[];
  /** Device pixel ratios of one width. */
  densities?: readonly number[];
}

/**
 * Builds the value of `srcset`: one candidate a width (`320w`), or one a density (`2x`) of a single width.
 * @throws TypeError for densities of several widths
 */
export function imageSrcset(baseUrl: string, imageId: string, options: SrcsetOptions): string {
  const { widths, densities, ...parameters } = options;
  const all = typeof widths === 'number' ? [widths] : widths;
  if (densities === undefined) {
    return all.map((width) => `${imageUrl(baseUrl, imageId, { ...parameters, width })} ${width}w`).join(', ');
  }
  const [width] = all;
  if (width === undefined || all.length !== 1)
    throw new TypeError(`Expected one width with densities but received ${all.length}`);
  return densities.map((dpr) => `${imageUrl(baseUrl, imageId, { ...parameters, width, dpr })} ${dpr}x`).join(', ');
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
