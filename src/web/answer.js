/** Above the service's deadline. */
export const answerTimeoutMs = 120_000;

export const noConnection = 'The connection to the server failed';
export const noAnswer = `No answer from the server within ${answerTimeoutMs / 1000} seconds`;

/**
 * Fetches a whole answer.
 * @param {string} path
 * @param {{ method?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<{ status: number, body: Blob }>}
 * @throws {Error} with a message to show
 */
export async function request(path, { method = 'GET', signal } = {}) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), answerTimeoutMs);
  try {
    const signals = signal === undefined ? [deadline.signal] : [deadline.signal, signal];
    const response = await fetch(path, { method, signal: AbortSignal.any(signals) });
    const { status, ok } = response;
    const body = await response.blob();
    if (ok) return { status, body };
    throw new AnswerError(problemDetail(await body.text(), status));
  } catch (error) {
    if (error instanceof AnswerError) throw error;
    throw new Error(deadline.signal.aborted ? noAnswer : noConnection, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

class AnswerError extends Error {}

/**
 * @param {string} text
 * @param {number} status
 */
export function problemDetail(text, status) {
  try {
    const { detail } = JSON.parse(text);
    if (typeof detail === 'string' && detail !== '') return detail;
  } catch {}
  return `The server answered with status ${status}`;
}

/**
 * @param {string} text
 * @param {string} field required property
 * @returns {any}
 * @throws {Error}
 */
export function parseAnswer(text, field) {
  try {
    const answer = JSON.parse(text);
    if (Object.hasOwn(Object(answer), field)) return answer;
  } catch {}
  const start = text.trim().slice(0, 40);
  throw new Error(
    `Expected JSON with ${field} from the server but received ${start === '' ? 'nothing' : `"${start}"`}`,
  );
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
