import { register } from 'node:module';

// Given to `node` by --import: a process that loads the SDK of AWS ends with an error.
const hooks = `export function resolve(name, context, next) {
  if (name.startsWith('@aws-sdk/')) throw new Error('the SDK was loaded');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
