import { register } from 'node:module';

// For `node --import`: makes a process that loads the AWS SDK fail.
const hooks = `export function resolve(name, context, next) {
  if (name.startsWith('@aws-sdk/')) throw new Error('the SDK was loaded');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
