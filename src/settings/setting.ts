import { Type } from '../contract/typebox.ts';

export const positiveInteger = (defaultValue: number, description: string, maximum = Number.MAX_SAFE_INTEGER) =>
  Type.Integer({ minimum: 1, maximum, default: defaultValue, description });

export const bytesOrZero = (defaultValue: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: defaultValue, description });

export const milliseconds = (defaultValue: number, description: string, minimum = 1) =>
  Type.Integer({ minimum, maximum: 3_600_000, default: defaultValue, description });

export const connections = (defaultValue: number, description: string) =>
  positiveInteger(defaultValue, description, 65_535);

export const endpointFormat = {
  pattern: '^(tcp|ipc)://.+$',
  expected: 'an endpoint such as tcp://127.0.0.1:5555 or ipc:///run/imgwire.sock',
};

/** A folder with spaces around its name would be another one, and a path that starts with a space is relative. */
export const folderFormat = {
  pattern: '^\\S(.*\\S)?$',
  expected: 'a path without spaces around it',
};
