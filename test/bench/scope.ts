import { createClosers, type Owner } from '../helpers/owner.ts';

/** Runs a part that closes what it opened, in the order reversed, before the next one begins. */
export async function scoped<T>(part: (owner: Owner) => Promise<T>): Promise<T> {
  const closers = createClosers();
  try {
    return await part({ after: closers.push });
  } finally {
    await closers.closeAll();
  }
}
