import assert from 'node:assert/strict';
import { plain, red } from '../helpers/images.ts';
import type { Service } from '../helpers/service.ts';

/** The documented HTTP statuses of each code. */
export const statuses: Record<string, readonly number[]> = {
  // HTTP only: wrong method, slow request, headers too long, and so on.
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

/** After this time a missing answer is an error. */
const answerTimeoutMs = 30_000;

/** Sends a request and asserts that the answer is as documented: no error status, or a problem. */
export async function attempt(url: string, init: RequestInit = {}): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(answerTimeoutMs), ...init });
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
 * Asserts that the service is healthy: no worker was lost, and the next request succeeds.
 * @param mayBeSlow whether requests may have exceeded the time limit, which kills their worker
 */
export async function assertHealthy(service: Service, what: string, mayBeSlow = false): Promise<void> {
  const next = await post(service, '/resize?width=4', small);
  assert.equal(next.code, 'success', `${what}: the next request was answered ${next.message}`);
  assert.deepEqual(
    failures(service).filter(({ death }) => !(mayBeSlow && death === 'killed')),
    [],
    what,
  );
}

const failures = ({ logs }: Service) => logs.filter(({ msg }) => msg === 'worker lost' || msg === 'internal error');

/** Counts the codes, e.g. `success 3, unprocessable_image 12`. */
export function tally(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
}
