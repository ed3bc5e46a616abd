/** A cleanup stack: closes what was opened in reverse order. */
export interface Closers {
  push(close: () => unknown): void;
  /** Closes everything even if some closers fail, then throws the first error. */
  closeAll(): Promise<void>;
}

export function createClosers(): Closers {
  const closers: (() => unknown)[] = [];
  return {
    push: (close) => void closers.push(close),
    async closeAll() {
      const errors: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
