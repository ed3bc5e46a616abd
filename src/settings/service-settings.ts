import { Type } from '../contract/typebox.ts';
import { milliseconds } from './setting.ts';

export const serviceSettings = {
  presets: Type.String({
    default: '',
    defaultText: '',
    description: 'Named parameter sets, such as thumbnail:width=320&height=320; hero:width=1600&format=auto.',
  }),
  logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'Lowest log level to write.',
  }),
  shutdownTimeoutMs: milliseconds(
    25_000,
    'Maximum time for requests in flight to finish after SIGTERM, in milliseconds.',
  ),
};
