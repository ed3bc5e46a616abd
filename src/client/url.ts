import type { Parameters as ContractParameters } from '../contract/parameters.ts';

type Numbers = 'crop' | 'pad' | 'focus';

/** Number lists may be arrays. */
export type Parameters = Omit<ContractParameters, Numbers> & {
  [N in Numbers]?: string | number | readonly number[];
};

export interface UrlOptions extends Parameters {
  /** File name under which browsers save the image. */
  download?: string;
}

/**
 * Builds the URL of the original (without parameters) or of a transformed image.
 * @param baseUrl with its path prefix, if any; empty for the page's own origin
 * @example imageUrl('https://images.example.org', id, { width: 320, format: 'webp' })
 */
export function imageUrl(baseUrl: string, imageId: string, options: UrlOptions = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value));
  return `${trimTrailingSlashes(baseUrl)}/images/${imageId}${query.size > 0 ? `?${query}` : ''}`;
}

export interface SrcsetOptions extends Omit<Parameters, 'width' | 'dpr'> {
  /** In CSS pixels; a single one with `densities`. */
  widths: number | readonly number[];
  /** Device pixel ratios. */
  densities?: readonly number[];
}

/**
 * Builds a `srcset`: candidates by width (`320w`), or by density (`2x`) for a single width.
 * @throws TypeError for densities with several widths
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

export function trimTrailingSlashes(url: string): string {
  return url.replace(/\/+$/, '');
}
