import { ConfigError } from '../config.ts';
import { unixSeconds } from '../contract/signing.ts';

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads `--expires`: `90s`, `15m`, `2h` or `30d` from now, or seconds since 1970.
 * @throws ConfigError
 */
export function parseExpiry(text: string): Date {
  const [, digits = '', unit] = /^(\d{1,12})([smhd])?$/.exec(text) ?? [];
  if (digits === '')
    throw new ConfigError(`Expected 90s, 15m, 2h, 30d or seconds since 1970 for --expires but received ${text}`);
  const seconds =
    unit === undefined ? Number(digits) : Date.now() / 1000 + Number(digits) * (unitSeconds[unit] as number);
  checkExpiry(seconds, '--expires', text);
  return new Date(seconds * 1000);
}

/** @throws ConfigError for a time in the past, or beyond what the service accepts */
export function checkExpiry(seconds: number, name: string, text: string): void {
  const { maximum } = unixSeconds;
  if (seconds > maximum) {
    throw new ConfigError(`Expected at most ${maximum} seconds since 1970 for ${name} but received ${text}`);
  }
  if (seconds > Date.now() / 1000) return;
  const hint = /^[1-9]\d*$/.test(text) ? `; did you mean ${text}s?` : '';
  throw new ConfigError(`Expected a time in the future for ${name} but received ${text}, which is past${hint}`);
}
