import assert from 'node:assert/strict';
import { plain, red } from '../helpers/images.ts';
import type { Service } from '../helpers/service.ts';

/** The HTTP status of each code, as the documents have them. */
export const statuses: Record<string, readonly number[]> = {
  // Over HTTP alone: wrong method, slow request, header that is too long, and so on.
  invalid_request: [400, 405, 406, 408, 411, 412, 413, 414, 416, 417, 431],
  invalid_operation: [400],
  unauthorized: [401],
  forbidden: [403],
  not_found: [404],
  too_large: [413],
  unsupported_format: [415],
  unprocessable_image: [422],
  rate_limited: [429],
  internal: [500],
  worker_lost: [502],
  overloaded: [503],
  shutting_down: [503],
  store_unavailable: [503],
  timeout: [504],
  insufficient_storage: [507],
};

export interface Answer {
  status: number;
  /** `success`, or the code of the problem. */
  code: string;
  message: string;
  headers: Headers;
  body: Buffer;
  ms: number;
}

/** An answer that never comes is an error after this long. */
const patienceMs = 30_000;

/** Sends a request and sees that what comes back is an answer as the documents promise it. */
export async function attempt(url: string, init: RequestInit = {}): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs), ...init });
  const body = Buffer.from(await response.arrayBuffer());
  const answer = { status: response.status, headers: response.headers, body, ms: performance.now() - start };
  if (response.status < 400) return { ...answer, code: 'success', message: '' };
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = JSON.parse(String(body));
  assert.equal(problem.status, response.status);
  assert.ok(statuses[problem.code]?.includes(response.status), `${problem.code} with ${response.status}`);
  assert.ok(typeof problem.detail === 'string' && problem.detail.length > 0);
  return { ...answer, code: problem.code, message: problem.detail };
}

export function post(service: Service, path: string, bytes: Buffer, type = 'application/octet-stream') {
  return attempt(service.http + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(bytes),
  });
}

const small = await plain(8, 8, red).png().toBuffer();

/**
 * Sees that the service is as well as before: no worker was lost on the way, and the next request works.
 * @param mayBeSlow whether requests may have asked for more than there was time for, which costs them their worker
 */
export async function assertWell(service: Service, what: string, mayBeSlow = false): Promise<void> {
  const next = await post(service, '/resize?width=4', small);
  assert.equal(next.code, 'success', `${what}: the next request was answered ${next.message}`);
  assert.deepEqual(
    mishaps(service).filter(({ death }) => !(mayBeSlow && death === 'killed')),
    [],
    what,
  );
}

const mishaps = ({ logs }: Service) => logs.filter(({ msg }) => msg === 'worker lost' || msg === 'internal error');

/** How often each answer came, such as `success 3, unprocessable_image 12`. */
export function tally(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
}
