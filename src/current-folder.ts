/**
 * Checks that the current folder exists. Settings may be relative to it, and packages read it as they load, some of them
 * only once the workers run.
 * @throws Error that says what to do
 */
export function checkCurrentFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new Error(`Expected a current folder that exists: change to another one, such as /: ${reason}`, { cause });
  }
}
