import { RequestError } from '../../contract/errors.ts';

export function deadlinePassed(): RequestError {
  return new RequestError('timeout', 'Expected a reply within the deadline of the request but it passed');
}

export function tookTooLong(): RequestError {
  return new RequestError(
    'timeout',
    'Expected work within the time limit but this image with these parameters took too long before; refused for a minute',
  );
}

export function callerGone(): RequestError {
  return new RequestError('timeout', 'The client disconnected');
}

export function quarantined(): RequestError {
  return new RequestError(
    'unprocessable_image',
    'Expected an image that can be processed but this one crashed workers; refused for ten minutes',
  );
}

export function workerLost(): RequestError {
  return new RequestError('worker_lost', 'Expected a reply but the worker was lost twice; retry the request');
}

export function shuttingDown(): RequestError {
  return new RequestError('shutting_down', 'The server is shutting down');
}

export function queueFull(limit: number): RequestError {
  const message = `Expected at most ${limit} waiting requests; try again later`;
  return new RequestError('overloaded', message, { stage: 'queue' });
}
