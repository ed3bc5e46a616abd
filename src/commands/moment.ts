import { ConfigError } from '../config.ts';

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads `--expires`: `90s`, `15m`, `2h` or `30d` from now, or seconds since 1970.
 * @throws ConfigError
 */
export function momentOf(text: string): Date {
  const [, digits = '', unit] = /^(\d{1,12})([smhd])?$/.exec(text) ?? [];
  if (digits === '')
    throw new ConfigError(`Expected 90s, 15m, 2h, 30d or seconds since 1970 for --expires but received ${text}`);
  if (unit === undefined) {
    const moment = new Date(Number(digits) * 1000);
    if (moment.getTime() > Date.now()) return moment;
    throw new ConfigError(
      `Expected a time to come for --expires but received ${text}, which is past; did you mean ${text}s?`,
    );
  }
  return new Date(Date.now() + Number(digits) * (unitSeconds[unit] as number) * 1000);
}
