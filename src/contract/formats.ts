/**
 * `maxDimension`: longest side that can be encoded, in pixels (14 bits in WebP, otherwise 16 bits or libvips' limit).
 */
export const formats = {
  jpeg: { mediaType: 'image/jpeg', output: true, alpha: false, animation: false, maxDimension: 65535 },
  png: { mediaType: 'image/png', output: true, alpha: true, animation: false, maxDimension: 65535 },
  webp: { mediaType: 'image/webp', output: true, alpha: true, animation: true, maxDimension: 16383 },
  avif: { mediaType: 'image/avif', output: true, alpha: true, animation: false, maxDimension: 16384 },
  gif: { mediaType: 'image/gif', output: true, alpha: true, animation: true, maxDimension: 65535 },
  tiff: { mediaType: 'image/tiff', output: true, alpha: true, animation: false, maxDimension: 65535 },
  svg: { mediaType: 'image/svg+xml', output: false, alpha: true, animation: false, maxDimension: 0 },
} as const satisfies Record<
  string,
  { mediaType: `image/${string}`; output: boolean; alpha: boolean; animation: boolean; maxDimension: number }
>;

export type Format = keyof typeof formats;
export type OutputFormat = { [F in Format]: (typeof formats)[F]['output'] extends true ? F : never }[Format];

export const formatNames = Object.keys(formats) as Format[];
export const outputFormatNames = formatNames.filter((name) => formats[name].output) as OutputFormat[];
export const mediaTypes = formatNames.map((name) => formats[name].mediaType);

/** The source's format, or png if that cannot be written. */
export function defaultOutputFormat(source: Format): OutputFormat {
  return source === 'svg' ? 'png' : source;
}
