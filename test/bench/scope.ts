import type { Owner } from '../helpers/owner.ts';

/** Runs a part that closes what it opened, in the order reversed, before the next one begins. */
export async function scoped<T>(part: (owner: Owner) => Promise<T>): Promise<T> {
  const closers: (() => unknown)[] = [];
  try {
    return await part({ after: (close) => closers.push(close) });
  } finally {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  }
}
