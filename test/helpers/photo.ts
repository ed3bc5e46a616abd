import sharp from 'sharp';

/**
 * A deterministic photograph-like image: soft gradients, hard edges and a little noise.
 */
export async function photo(width: number, height: number, format: 'jpeg' | 'png' | 'webp' = 'jpeg'): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 3) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const noise = (seed >>> 28) - 8;
      const inside = Math.hypot(x - width / 3, y - height / 2) < Math.min(width, height) / 4;
      pixels[at] = clamp((inside ? 200 : 40) + (x / width) * 55 + noise);
      pixels[at + 1] = clamp((y / height) * 200 + noise);
      pixels[at + 2] = clamp((inside ? 60 : 180) - (x / width) * 50 + noise);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
