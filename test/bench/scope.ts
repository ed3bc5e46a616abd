import { createClosers, type Owner } from '../helpers/owner.ts';

/** Runs a part of the bench, then closes whatever it opened, in reverse order. */
export async function scoped<T>(part: (owner: Owner) => Promise<T>): Promise<T> {
  const closers = createClosers();
  try {
    return await part({ after: closers.push });
  } finally {
    await closers.closeAll();
  }
}
