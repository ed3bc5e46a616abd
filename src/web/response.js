/** Longer than the service's own default timeout. */
export const responseTimeoutMs = 120_000;

export const noConnection = 'The connection to the server failed';
export const noResponse = `No response from the server within ${responseTimeoutMs / 1000} seconds`;

/**
 * Sends a request and reads the whole response.
 * @param {string} path
 * @param {{ method?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<{ status: number, body: Blob }>}
 * @throws {Error} with a message to show
 */
export async function request(path, { method = 'GET', signal } = {}) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), responseTimeoutMs);
  try {
    const signals = signal === undefined ? [deadline.signal] : [deadline.signal, signal];
    const response = await fetch(path, { method, signal: AbortSignal.any(signals) });
    const { status, ok } = response;
    const body = await response.blob();
    if (ok) return { status, body };
    throw new ResponseError(problemDetail(await body.text(), status));
  } catch (error) {
    if (error instanceof ResponseError) throw error;
    throw new Error(deadline.signal.aborted ? noResponse : noConnection, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

class ResponseError extends Error {}

/**
 * The detail of a problem (RFC 9457), or a message that names the status.
 * @param {string} text
 * @param {number} status
 */
export function problemDetail(text, status) {
  try {
    const { detail } = JSON.parse(text);
    if (typeof detail === 'string' && detail !== '') return detail;
  } catch {}
  return `The server responded with status ${status}`;
}

/**
 * @param {string} text
 * @param {string} field that the object must have
 * @returns {any}
 * @throws {Error} with a message to show
 */
export function parseResponse(text, field) {
  try {
    const response = JSON.parse(text);
    if (Object.hasOwn(Object(response), field)) return response;
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
